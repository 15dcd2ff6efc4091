/* Toasts leave after ten seconds, errors stay until they are closed. */

const STAY = 10_000;

export function startToasts(): void {
  for (const toast of document.querySelectorAll<HTMLElement>("[data-toast]")) prepare(toast);
}

/** Say that something went wrong, once however often it is tried. */
export function showError(words: string): void {
  const place = document.querySelector("[data-toasts]");
  for (const toast of place?.querySelectorAll("[data-toast=error]") ?? []) {
    if (toast.querySelector(".toast-text")?.textContent === words) return;
  }
  const toast = document.createElement("div");
  toast.className = "toast toast-error";
  toast.dataset["toast"] = "error";
  const text = document.createElement("span");
  text.className = "toast-text";
  text.textContent = words;
  toast.append(text);
  place?.append(toast);
  prepare(toast);
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
