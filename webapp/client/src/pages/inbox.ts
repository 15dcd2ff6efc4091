/* The inbox: rows open beside the list, keys move and claim, drafts are kept while somebody types. */
import { startDraft } from "../shell/draft";
import { isPlain, isTyping } from "../shell/typing";

let stopDraft: (() => void) | null = null;
let listening = false;

export function start(root: HTMLElement): void {
  stopDraft?.();
  stopDraft = startDraft(root);
  root.querySelector<HTMLElement>("[data-focus]")?.focus();
  markCurrent();
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:swap", () => {
    document.querySelector(".inbox")?.classList.add("inbox-open");
    const task = document.getElementById("task");
    task?.focus({ preventScroll: true });
    task?.scrollTo(0, 0);
  });
}

function markCurrent(): void {
  const open = document.querySelector<HTMLElement>("[data-task]")?.dataset["task"];
  if (!open) return;
  for (const row of rows()) {
    if (row.dataset["row"] === open) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function onKey(event: KeyboardEvent): void {
  if (isTyping(event) || !isPlain(event) || document.querySelector("dialog[open]")) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "c") document.querySelector<HTMLFormElement>("form[data-claim]")?.requestSubmit();
  else if (event.key === "Escape") back();
}

function move(step: number): void {
  const list = rows();
  const focused = list.indexOf(document.activeElement as HTMLElement);
  const current = focused >= 0 ? focused : list.findIndex((row) => row.hasAttribute("aria-current"));
  list[Math.max(0, Math.min(list.length - 1, current + step))]?.focus();
}

function back(): void {
  const row = document.querySelector<HTMLElement>(".inbox-row[aria-current]");
  if (row && row.offsetParent !== null) row.focus();
  else if (document.querySelector(".inbox-open")) location.assign("/inbox/");
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".inbox-row")];
}
