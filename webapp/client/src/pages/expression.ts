/* The page 表达式试算: editors in place of the textareas, the value as one types, names written by a click. */
import { type Answer, marksOf, readAnswer } from "../feel/answer";
import type { Word } from "../feel/completion";
import type { FeelField } from "../feel/editor";
import { showAnswer, showTrouble } from "../feel/result";
import { canMount } from "../shell/adopted";
import { AnswerError, postForm } from "../shell/http";

const PAUSE = 250;
const LONGEST = 4_001; // one more than an expression may have: the server says where it is too long
const AWAY = "连不上服务器，还没有算。接着写，连上以后会再算。";

interface Place { readonly name: string; readonly area: HTMLTextAreaElement; readonly field: FeelField }

export function start(root: HTMLElement): void {
  const form = root.querySelector<HTMLFormElement>("form[data-trial]:not([data-ready])");
  if (form) void prepare(form);
}

async function prepare(form: HTMLFormElement): Promise<void> {
  form.dataset["ready"] = "";
  if (!canMount()) return; // the button still works
  const { mountFeelEditor } = await import("../feel/editor");
  const words = readWords(form);
  const trial = { run: (): void => undefined };
  const areas = [...form.querySelectorAll<HTMLTextAreaElement>("textarea[data-feel]")];
  const places = areas.map((area): Place => {
    const label = area.labels[0]?.firstChild?.textContent?.trim() ?? "", name = area.dataset["feel"] ?? "";
    const field = mountFeelEditor(area, { name, label, words: () => words.all, changed: () => { trial.run(); } });
    return { name, area, field };
  });
  trial.run = follow(form, places);
  form.addEventListener("change", (event) => { if ((event.target as HTMLElement).matches("[name=mode]")) trial.run(); });
  form.querySelector("[data-submit]")?.parentElement?.setAttribute("hidden", "");
  offer(words.written, places.find((place) => place.name === "expression"));
  for (const hint of form.querySelectorAll<HTMLElement>(".trial-with-script")) hint.hidden = false;
  trial.run();
}

/** Ask the server a moment after the last change; an answer that is no longer asked for is dropped. */
function follow(form: HTMLFormElement, places: readonly Place[]): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  const shown = form.querySelector<HTMLElement>("[data-answer]");
  const ask = async (): Promise<void> => {
    if (places.some((place) => place.field.isComposing())) return later();
    const number = asked += 1;
    try {
      const answer = await postForm(form.dataset["value"] ?? "", questionOf(form), readAnswer);
      if (number === asked) show(answer, places, shown);
    } catch (error) {
      if (number === asked && shown) showTrouble(shown, error instanceof AnswerError ? error.message : AWAY);
    }
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => { void ask(); }, PAUSE);
  };
  return later;
}

function questionOf(form: HTMLFormElement): FormData {
  const question = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "q") question.append(name, value.slice(0, LONGEST));
  }
  return question;
}

function show(answer: Answer, places: readonly Place[], shown: HTMLElement | null): void {
  for (const { name, area, field } of places) field.mark(marksOf(answer, name, area.value));
  if (shown) showAnswer(shown, answer);
}

interface Words { readonly all: readonly Word[]; readonly written: readonly (readonly [HTMLElement, Word])[] }

function readWords(form: HTMLElement): Words {
  const written = [...form.querySelectorAll<HTMLElement>("[data-insert]")].map((element) => {
    const { insert = "", call = "", detail = "", info = "" } = element.dataset;
    return [element, { name: insert, call, detail, info }] as const;
  });
  return { all: written.map(([, word]) => word), written };
}

/** Make each listed name a button that writes it where the cursor is. */
function offer(written: Words["written"], place: Place | undefined): void {
  if (!place) return;
  for (const [element, word] of written) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "text-button trial-insert";
    button.addEventListener("click", () => { place.field.insert(word); });
    element.replaceWith(button);
    button.append(element);
  }
}
