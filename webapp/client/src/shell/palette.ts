/* Ctrl+K: every link and button of the page's frame by typing a part of its words. */
import { openDialog } from "./dialogs";

interface Choice { readonly title: string; readonly go: () => void }

export function startPalette(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) open();
  });
}

function open(): void {
  const dialog = openDialog("dialog-palette", "命令");
  const input = document.createElement("input");
  input.className = "palette-input";
  input.placeholder = "去哪里，做什么";
  input.setAttribute("aria-label", "命令");
  const list = document.createElement("div");
  list.className = "palette-list";
  const choices = collect();
  const show = (): void => { list.replaceChildren(...matching(choices, input.value).map((c) => item(c, dialog))); };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => { steer(event, list); });
  list.addEventListener("keydown", (event) => { steer(event, list); });
  dialog.append(input, list);
  show();
  dialog.showModal();
}

/** Pure: the choices whose title holds the typed words, in their order. */
export function matching<T extends { readonly title: string }>(choices: readonly T[], typed: string): T[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter((choice) => words.every((word) => choice.title.toLowerCase().includes(word))).slice(0, 12);
}

function collect(): Choice[] {
  const elements = [...document.querySelectorAll<HTMLElement>(
    ".rail a, .topbar a, .inbox-filter, .tabs a, .task-head-acts .button, .page-head-actions .button, button[data-submit]")];
  const named = elements.map((element) => ({ title: nameOf(element), go: () => { element.click(); } }));
  return named.filter((choice, index) => choice.title && named.findIndex((c) => c.title === choice.title) === index);
}

function nameOf(element: HTMLElement): string {
  return (element.getAttribute("aria-label") ?? element.textContent ?? "").replace(/\s+/g, " ").trim();
}

function item(choice: Choice, dialog: HTMLDialogElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "popover-item";
  button.textContent = choice.title;
  button.addEventListener("click", () => { dialog.close(); choice.go(); });
  return button;
}

function steer(event: KeyboardEvent, list: HTMLElement): void {
  if (event.isComposing || event.keyCode === 229) return; // Enter and arrows belong to the input method
  const items = [...list.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  if (event.key === "ArrowDown") items[Math.min(at + 1, items.length - 1)]?.focus();
  else if (event.key === "ArrowUp") items[Math.max(at - 1, 0)]?.focus();
  else if (event.key === "Enter" && at < 0) items[0]?.click();
  else return;
  event.preventDefault();
}
