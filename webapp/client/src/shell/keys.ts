/* Keys that hold on every page: / search, g then a letter, ? the sheet of keys, Ctrl+Enter submits. */
import { showKeys } from "./dialogs";
import { isPlain, isTyping } from "./typing";

const PLACES: Record<string, string> = {
  d: "/inbox/", b: "/cases/", w: "/registers/", y: "/hazards/", h: "/help", a: "/account", t: "/notices/",
};

let goPressedAt = 0;

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
    else if (!isTyping(event) && isPlain(event)) plainKey(event);
  });
}

function submit(event: KeyboardEvent): void {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  const button = document.querySelector<HTMLButtonElement>("button[data-submit]:not(:disabled)");
  if (!button) return;
  event.preventDefault();
  button.click();
}

function plainKey(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]")) return;
  const going = Date.now() - goPressedAt < 1500;
  goPressedAt = 0;
  if (going) return go(event);
  if (event.key === "g") goPressedAt = Date.now();
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector<HTMLInputElement>("input[data-search]")?.focus();
  }
  if (event.key === "?") showKeys();
}

function go(event: KeyboardEvent): void {
  const place = PLACES[event.key];
  if (!place || !document.querySelector(`.rail a[href="${place}"], .topbar a[href="${place}"]`)) return;
  event.preventDefault();
  location.assign(place);
}
