/* Show and hide the password. */

export function start(root: HTMLElement): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-show-password]")) {
    const input = document.getElementById(button.dataset["showPassword"] ?? "");
    if (!(input instanceof HTMLInputElement)) continue;
    button.hidden = false;
    button.addEventListener("click", () => { toggle(button, input); });
  }
}

function toggle(button: HTMLButtonElement, input: HTMLInputElement): void {
  const shown = input.type === "text";
  input.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
  const words = button.querySelector("span");
  if (words) words.textContent = shown ? "显示" : "隐藏";
}
