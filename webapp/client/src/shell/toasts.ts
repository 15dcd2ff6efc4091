/* Toasts leave after ten seconds, errors stay until they are closed. */

const STAY = 10_000;

export function startToasts(): void {
  for (const toast of document.querySelectorAll<HTMLElement>("[data-toast]")) prepare(toast);
}

function prepare(toast: HTMLElement): void {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "text-button";
  close.textContent = "知道了";
  close.addEventListener("click", () => { toast.remove(); });
  toast.append(close);
  if (toast.dataset["toast"] === "error") return;
  setTimeout(() => { toast.classList.add("toast-leaving"); }, STAY);
  setTimeout(() => { toast.remove(); }, STAY + 300);
}
