/* The result below the editor, as the server's page draws it. */
import type { Answer } from "./answer";

export function showAnswer(place: HTMLElement, answer: Answer): void {
  place.replaceChildren(...parts(answer));
}

export function showTrouble(place: HTMLElement, words: string): void {
  place.replaceChildren(paragraph("trial-wrong", words));
}

function parts(answer: Answer): HTMLElement[] {
  if (answer.fault) return [paragraph("trial-wrong", answer.fault.text)];
  if (answer.value === null) return [paragraph("muted", "在上面写一个表达式，结果就在这里。")];
  const value = paragraph("trial-value", "");
  const output = document.createElement("output");
  const literal = document.createElement("code");
  literal.className = "mono";
  literal.textContent = answer.value;
  output.append(literal);
  const kind = document.createElement("span");
  kind.className = "badge";
  kind.textContent = answer.kind;
  value.append(output, " ", kind);
  const lines = [...answer.unknown, ...answer.warnings].map((one) => one.text);
  return lines.length === 0 ? [value] : [value, list(lines)];
}

function list(lines: readonly string[]): HTMLElement {
  const all = document.createElement("ul");
  all.className = "trial-lines";
  all.append(...lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
  return all;
}

function paragraph(name: string, words: string): HTMLElement {
  const element = document.createElement("p");
  element.className = name;
  element.textContent = words;
  return element;
}
