/** Show and hide parts of a form while it is filled in. FEEL is fetched only when a form has a condition. */
import type { Context, Field, Value } from "./values";
import { type Condition, type Evaluate, hiddenParts, onePass } from "./visibility";

const PAUSE = 120;

/** Watch a form; returns a function that looks again at once (after rows came or went). */
export async function watchConditions(form: HTMLFormElement): Promise<() => void> {
  const body = form.querySelector<HTMLElement>("[data-form-body]");
  if (body === null || !hasConditions(body)) return () => undefined;
  const feelin = await import("feelin");
  const evaluate = remembered((expression, scope) => {
    try {
      return plain(feelin.evaluate(expression, scope).value);
    } catch {
      return null; // the server has the last word
    }
  });
  const facts = readFacts(body.dataset["facts"]);
  const look = (): void => apply(body, facts, evaluate);
  let pending: number | undefined;
  form.addEventListener("input", () => {
    window.clearTimeout(pending);
    pending = window.setTimeout(look, PAUSE);
  });
  form.addEventListener("change", look);
  look();
  return look;
}

function hasConditions(body: HTMLElement): boolean {
  const marks = "[data-hide], [data-require]";
  const inTemplates = [...body.querySelectorAll("template")].some((one) => one.content.querySelector(marks) !== null);
  return inTemplates || body.querySelector(marks) !== null;
}

function apply(body: HTMLElement, facts: Context, evaluate: Evaluate): void {
  const fields = readFields(body);
  const lists = [...body.querySelectorAll<HTMLElement>("[data-rows]")].map((list) => list.dataset["path"] ?? "");
  const parts = [...body.querySelectorAll<HTMLElement>("[data-hide]")];
  const hides = parts.map((part, number) => conditionOf(part, `${number}`, part.dataset["hide"] ?? ""));
  const hidden = hiddenParts(fields, lists, hides, facts, evaluate);
  parts.forEach((part, number) => { part.hidden = hidden.has(`${number}`); });
  const wanting = [...body.querySelectorAll<HTMLElement>("[data-require]")];
  const requires = wanting.map((part, number) => conditionOf(part, `r${number}`, part.dataset["require"] ?? ""));
  const required = onePass(fields, lists, [...hides, ...requires], facts, evaluate, hidden);
  wanting.forEach((part, number) => {
    const optional = part.querySelector<HTMLElement>(".form-optional");
    if (optional !== null) optional.hidden = required.has(`r${number}`);
  });
}

function conditionOf(part: HTMLElement, id: string, expression: string): Condition {
  const inside = [part, ...part.querySelectorAll<HTMLElement>("[data-path], [data-unseen]")];
  const covers = inside.map((one) => one.dataset["path"] ?? one.dataset["unseen"] ?? "");
  const list = part.parentElement?.closest<HTMLElement>("[data-rows]")?.dataset["path"];
  const row = part.parentElement?.closest<HTMLElement>("[data-row]")?.dataset["row"];
  return { id, expression, covers, row: list === undefined || row === undefined ? "" : `${list}.${row}` };
}

/** The fields that stand in the page, in its order. */
export function readFields(body: HTMLElement): Field[] {
  return [...body.querySelectorAll<HTMLElement>(".form-field[data-path], [data-unseen]")].map((part) => ({
    path: part.dataset["path"] ?? part.dataset["unseen"] ?? "",
    kind: part.dataset["kind"] ?? "text",
    answer: part.dataset["answer"] ?? "text",
    texts: textsOf(part),
  }));
}

function textsOf(part: HTMLElement): string[] {
  if (part instanceof HTMLInputElement) return [part.value];
  const controls = part.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("input, select, textarea");
  return [...controls].filter(counts).map((control) => control.value);
}

function counts(control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement): boolean {
  if (!(control instanceof HTMLInputElement)) return true;
  if (control.type === "file" || control.classList.contains("form-date-native")) return false;
  return !["radio", "checkbox"].includes(control.type) || control.checked;
}

function readFacts(text: string | undefined): Context {
  const parsed: unknown = JSON.parse(text ?? "{}");
  const value = plain(parsed);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** A value of our kinds; anything else is null. */
function plain(value: unknown): Value {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value as Value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return null;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

/** Evaluate each text once per set of values that it can see. */
function remembered(evaluate: Evaluate): Evaluate {
  const known = new Map<string, Value>();
  return (expression, scope) => {
    const seen = (expression.match(/[A-Za-z]\w*/g) ?? []).map((name) => [name, scope[name]]);
    const key = `${expression}\n${JSON.stringify(seen)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = evaluate(expression, scope);
    known.set(key, value);
    return value;
  };
}
