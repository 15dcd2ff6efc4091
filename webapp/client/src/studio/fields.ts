/* The fields of the panel: a label above, one control, told when it was changed. */
import { mountFeelEditor } from "../feel/editor";
import { canMount } from "../shell/adopted";
import type { Word } from "../feel/completion";
import type { Choice } from "./choices";
import type { Pair } from "./properties";

const PAUSE = 400;
let count = 0;

export function field(label: string, control: HTMLElement, hint = ""): HTMLElement {
  const place = document.createElement("div");
  place.className = "studio-field";
  const name = document.createElement("label");
  name.className = "form-label";
  name.textContent = label;
  control.id = `studio-${count += 1}`;
  name.htmlFor = control.id;
  place.append(name);
  if (hint) place.append(note(hint));
  place.append(control);
  return place;
}

export function note(text: string): HTMLElement {
  const place = document.createElement("p");
  place.className = "form-hint";
  place.textContent = text;
  return place;
}

export function textField(value: string, change: (text: string) => void, rows = 1): HTMLTextAreaElement {
  const control = document.createElement("textarea");
  control.className = "form-control";
  control.rows = rows;
  control.maxLength = 2_000;
  control.value = value;
  control.addEventListener("change", () => { change(control.value.trim()); });
  return control;
}

/** A list to choose from; a value that is not in it stays, and is shown as it is written. */
export function choiceField(value: string, choices: readonly Choice[], empty: string, change: (code: string) => void): HTMLSelectElement {
  const control = document.createElement("select");
  control.className = "form-control";
  const known = value === "" || choices.some((one) => one.code === value);
  const offered = [{ code: "", title: empty }, ...choices, ...(known ? [] : [{ code: value, title: value }])];
  control.append(...offered.map((one) => new Option(one.title, one.code, false, one.code === value)));
  control.addEventListener("change", () => { change(control.value); });
  return control;
}

export function tickField(label: string, value: boolean, change: (ticked: boolean) => void): HTMLElement {
  const place = document.createElement("label"), control = document.createElement("input");
  place.className = "studio-tick";
  control.type = "checkbox";
  control.checked = value;
  control.addEventListener("change", () => { change(control.checked); });
  place.append(control, label);
  return place;
}

/** An expression, completed as one types; it is taken over a moment after the last key. */
export function feelField(label: string, value: string, words: readonly Word[], change: (text: string) => void, hint = ""): HTMLElement {
  const area = document.createElement("textarea");
  area.className = "form-control mono";
  area.rows = 2;
  area.maxLength = 4_000;
  area.value = value;
  const place = field(label, area, hint);
  let timer: ReturnType<typeof setTimeout> | undefined, told = value;
  const tell = (): void => {
    clearTimeout(timer);
    if (area.value.trim() === told) return;
    told = area.value.trim();
    change(told);
  };
  const later = (): void => { clearTimeout(timer); timer = setTimeout(tell, PAUSE); };
  area.addEventListener("input", later);
  if (canMount()) mountFeelEditor(area, { name: "condition", label, words: () => words, changed: later });
  place.addEventListener("focusout", tell);
  return place;
}

/** Rows of a name and an expression; `names` where only these may be given. */
export function pairsField(title: string, pairs: readonly Pair[], names: readonly string[] | null, change: (pairs: Pair[]) => void): HTMLElement {
  const place = document.createElement("fieldset");
  place.className = "studio-pairs";
  const legend = document.createElement("legend");
  legend.className = "form-label";
  legend.textContent = title;
  place.append(legend);
  const shown = names === null ? [...pairs, { name: "", value: "" }] : names.map((name) => ({ name, value: pairs.find((one) => one.name === name)?.value ?? "" }));
  const strange = names === null ? [] : pairs.filter((one) => !names.includes(one.name));
  const rows = [...shown, ...strange].map((pair) => ({ name: entry(pair.name, `${title}：名称`), value: entry(pair.value, `${title}：${pair.name || "新的一行"}的值`) }));
  const tell = (): void => { change(rows.map((row) => ({ name: row.name.value.trim(), value: row.value.value.trim() })).filter((one) => one.name !== "" && one.value !== "")); };
  for (const row of rows) {
    const line = document.createElement("div");
    line.className = "studio-pair";
    row.name.readOnly = names !== null;
    row.value.classList.add("mono");
    for (const control of [row.name, row.value]) control.addEventListener("change", tell);
    line.append(row.name, row.value);
    place.append(line);
  }
  return place;
}

function entry(value: string, label: string): HTMLInputElement {
  const control = document.createElement("input");
  control.className = "form-control";
  control.value = value;
  control.maxLength = 2_000;
  control.autocomplete = "off";
  control.spellcheck = false;
  control.setAttribute("aria-label", label);
  return control;
}
