/** Photo and file fields: upload at once, show what arrived, remove again. */
import { upload, type Uploaded } from "./upload";
import { words } from "./words";

/** Make the file fields below `part` upload by themselves. */
export function startFiles(part: HTMLElement, changed: () => void): void {
  for (const field of part.querySelectorAll<HTMLElement>("[data-upload]")) {
    if (field.closest("template") === null) startField(field, changed);
  }
}

function startField(field: HTMLElement, changed: () => void): void {
  const input = field.querySelector<HTMLInputElement>("input[type=file]");
  const list = field.querySelector<HTMLElement>("[data-files]");
  if (input === null || list === null || field.dataset["started"] !== undefined) return;
  field.dataset["started"] = "";
  input.removeAttribute("name"); // the ids are posted, not the files once more
  input.addEventListener("change", () => void take(field, input, list, changed));
  field.addEventListener("click", (event) => {
    const drop = event.target instanceof Element ? event.target.closest("button[name=_drop]") : null;
    if (drop === null) return;
    event.preventDefault();
    drop.closest("[data-file]")?.remove();
    input.focus();
    changed();
  });
}

async function take(field: HTMLElement, input: HTMLInputElement, list: HTMLElement, changed: () => void): Promise<void> {
  const files = [...(input.files ?? [])];
  input.value = "";
  const most = Number(field.dataset["most"] ?? "1");
  const refused: string[] = [];
  for (const file of files) {
    if (list.children.length >= most && most > 1) {
      say(field, words.tooMany(most));
      return;
    }
    field.dataset["busy"] = "";
    try {
      const uploaded = await upload(file, (percent) => say(field, words.uploading(file.name, percent)));
      if (most === 1) list.replaceChildren(); // what was there stays until the new one has arrived
      list.append(tile(field.dataset["name"] ?? "", uploaded, file));
      changed();
    } catch (error) {
      refused.push(error instanceof Error ? error.message : words.uploadFailed(file.name));
    } finally {
      delete field.dataset["busy"];
    }
  }
  say(field, refused.join("；"));
}

export function say(field: HTMLElement, sentence: string): void {
  const state = field.querySelector("[data-upload-state]");
  if (state !== null) state.textContent = sentence;
}

function tile(name: string, uploaded: Uploaded, file: File): HTMLElement {
  const item = document.createElement("li");
  item.className = "form-file";
  item.dataset["file"] = uploaded.id;
  const held = document.createElement("input");
  Object.assign(held, { type: "hidden", name, value: uploaded.id });
  const link = document.createElement("a");
  Object.assign(link, { href: uploaded.url, target: "_blank", rel: "noopener" });
  link.append(uploaded.thumb === "" ? uploaded.name : picture(uploaded));
  const drop = document.createElement("button");
  Object.assign(drop, { type: "submit", name: "_drop", value: `${name}:${uploaded.id}`, className: "form-file-drop", textContent: "×" });
  drop.formNoValidate = true;
  drop.setAttribute("aria-label", words.drop(file.name));
  item.append(held, link, drop);
  return item;
}

function picture(uploaded: Uploaded): HTMLImageElement {
  const image = new Image(112, 84);
  image.src = uploaded.thumb;
  image.alt = uploaded.name;
  return image;
}
