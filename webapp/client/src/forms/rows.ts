/** Add, remove and prefill rows in the page; without script the same buttons post the form. */
import { words } from "./words";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Take over the row buttons of a form; `changed` is called after every change. */
export function watchRows(form: HTMLFormElement, prepare: (part: HTMLElement) => void, changed: () => void): void {
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const act = button === null ? undefined : actions.get(button.name);
    if (button === null || act === undefined || !act(form, button, prepare)) return;
    event.preventDefault();
    changed();
  });
  form.addEventListener("change", (event) => {
    const control = event.target;
    if (control instanceof HTMLSelectElement && control.matches("[data-brings]")) bring(control);
    if (control instanceof HTMLInputElement && control.value === "unmet" && control.checked) openFrom(form, control, prepare);
    if (control instanceof HTMLElement) describe(control.closest<HTMLElement>(".form-row"));
    changed();
  });
}

type Act = (form: HTMLFormElement, button: HTMLButtonElement, prepare: (part: HTMLElement) => void) => boolean;

const actions = new Map<string, Act>([
  ["_add", (form, button, prepare) => {
    const row = addRow(form, button.value, prepare);
    row?.querySelector<HTMLElement>("select, textarea, input:not([type=hidden])")?.focus();
    return row !== null;
  }],
  ["_remove", (_form, button) => removeRow(button)],
  ["_fill", (form, button) => fillRest(form, button.value)],
  ["_open", (form, button, prepare) => openFrom(form, button, prepare)],
  ["_bring", (_form, button) => {
    const select = button.parentElement?.querySelector("select") ?? null;
    return select !== null && bring(select);
  }],
]);

function listOf(form: HTMLFormElement, name: string): HTMLElement | null {
  return form.querySelector<HTMLElement>(`[data-rows="${CSS.escape(name)}"]`);
}

function rowsIn(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[data-rows-list] > [data-row]")];
}

/** Append a blank row and return it; null when the list is full. */
export function addRow(form: HTMLFormElement, name: string, prepare: (part: HTMLElement) => void): HTMLElement | null {
  const list = listOf(form, name);
  const template = list?.querySelector<HTMLTemplateElement>("template[data-new-row]") ?? null;
  if (list === null || template === null) return null;
  const rows = rowsIn(list);
  if (rows.length >= Number(list.dataset["most"] ?? "200")) return null;
  const next = Math.max(-1, ...rows.map((row) => Number(row.dataset["row"]))) + 1;
  const row = template.content.firstElementChild?.cloneNode(true);
  if (!(row instanceof HTMLElement)) return null;
  for (const part of [row, ...row.querySelectorAll<HTMLElement>("*")]) renumber(part, next);
  list.querySelector("[data-rows-list]")?.append(row);
  prepare(row);
  count(list);
  return row;
}

function renumber(part: HTMLElement, number: number): void {
  for (const attribute of [...part.attributes]) {
    if (attribute.value.includes("__row__")) part.setAttribute(attribute.name, attribute.value.replaceAll("__row__", `${number}`));
  }
}

function removeRow(button: HTMLButtonElement): boolean {
  const row = button.closest<HTMLElement>("[data-row]");
  const list = button.closest<HTMLElement>("[data-rows]");
  if (row === null || list === null) return false;
  row.remove();
  count(list);
  list.focus();
  return true;
}

/** Number the rows again as people count them; names keep theirs, the server sorts them. */
function count(list: HTMLElement): void {
  const item = list.dataset["item"] ?? "";
  const rows = rowsIn(list);
  rows.forEach((row, index) => {
    const name = row.querySelector("[data-row-name]");
    if (name !== null) name.textContent = words.newRow(item, index + 1);
    row.setAttribute("aria-label", words.newRow(item, index + 1));
    row.querySelector("button[name=_remove]")?.setAttribute("aria-label", words.removeRow(item, index + 1));
  });
  const shown = list.querySelector("[data-count]");
  if (shown !== null) shown.textContent = words.count(rows.length);
}

function fillRest(form: HTMLFormElement, name: string): boolean {
  const list = listOf(form, name);
  for (const set of list?.querySelectorAll(".form-segments-conformity") ?? []) {
    const first = set.querySelector<HTMLInputElement>("input");
    if (first !== null && set.querySelector("input:checked") === null) first.checked = true;
  }
  return list !== null;
}

/** Open a row of the other list for a finding, once, filled with what the item brings. */
function openFrom(form: HTMLFormElement, control: HTMLElement, prepare: (part: HTMLElement) => void): boolean {
  const source = control.closest<HTMLElement>("[data-row]");
  const list = source?.closest<HTMLElement>("[data-opens]") ?? null;
  const name = list?.dataset["opens"] ?? "";
  const item = source?.querySelector<HTMLInputElement>("[data-unseen$='.item']")?.value ?? "";
  const target = listOf(form, name);
  if (source === null || list === null || target === null || item === "") return false;
  const link = list.dataset["link"] ?? "";
  const found = rowsIn(target).find((row) => row.querySelector<HTMLInputElement>(`[data-unseen$='.${link}']`)?.value === item);
  const row = found ?? addRow(form, name, prepare);
  const held = row?.querySelector<HTMLInputElement>(`[data-unseen$='.${link}']`);
  if (row === null || held === null || held === undefined) return false;
  held.value = item;
  fillEmpty(row, source.dataset["facts"]);
  const button = source.querySelector<HTMLButtonElement>("[data-open]");
  const about = row.querySelector("[data-row-name]")?.textContent ?? "";
  button?.lastChild?.replaceWith(` ${words.openedAs(about)}`);
  describe(row);
  return true;
}

function bring(select: HTMLSelectElement): boolean {
  const row = select.closest<HTMLElement>("[data-row]");
  if (row === null) return false;
  fillEmpty(row, select.selectedOptions[0]?.dataset["facts"]);
  describe(row);
  return true;
}

/** Fill what is still empty; nothing that was typed is lost. */
function fillEmpty(row: HTMLElement, text: string | undefined): void {
  const facts: unknown = JSON.parse(text ?? "{}");
  if (typeof facts !== "object" || facts === null) return;
  for (const [key, fact] of Object.entries(facts)) {
    const field = row.querySelector<HTMLElement>(`.form-field[data-path$='.${CSS.escape(key)}']`);
    const controls = [...(field?.querySelectorAll<Control>("input, select, textarea") ?? [])];
    const radio = controls.find((control) => control instanceof HTMLInputElement && control.type === "radio" && control.value === `${fact}`);
    const chosen = controls.some((control) => control instanceof HTMLInputElement && control.checked);
    const [typed] = controls;
    if (radio instanceof HTMLInputElement && !chosen) radio.checked = true;
    else if (typed !== undefined && !["radio", "checkbox", "file"].includes(typed.type) && typed.value === "") typed.value = `${fact}`;
  }
}

/** Say in the head of a row what it is about. */
function describe(row: HTMLElement | null): void {
  const about = row?.querySelector("[data-row-about]") ?? null;
  if (row === null || about === null) return;
  const picked = row.querySelector<HTMLSelectElement>("[data-brings]");
  const label = picked !== null && picked.value !== "" ? (picked.selectedOptions[0]?.textContent ?? "") : "";
  const written = row.querySelector<HTMLTextAreaElement>("textarea")?.value ?? "";
  about.textContent = (label === "" ? (written.split("\n")[0] ?? "") : label).slice(0, 24);
}
