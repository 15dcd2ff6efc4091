/** A calendar beside date fields: the text stays ours, the browser's own picker only fills it in. */
import { words } from "./words";

/** Add the button to every date field below `part`. */
export function startDates(part: HTMLElement, changed: () => void): void {
  for (const field of part.querySelectorAll<HTMLElement>("[data-date]:not([data-started])")) {
    const input = field.querySelector("input");
    if (input === null) continue;
    field.dataset["started"] = "";
    const native = document.createElement("input");
    Object.assign(native, { type: field.dataset["date"] ?? "date", className: "form-date-native", tabIndex: -1 });
    native.setAttribute("aria-hidden", "true");
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "form-date-open" });
    button.setAttribute("aria-label", words.pickDate);
    button.append(calendarIcon());
    field.append(button, native);
    button.addEventListener("click", () => {
      native.value = asNative(input.value, native.type);
      native.showPicker();
    });
    native.addEventListener("change", () => {
      input.value = native.value.replace("T", " ");
      changed();
    });
  }
}

/** What the native control understands of a typed text; "" when it is written in another way. */
export function asNative(text: string, type: string): string {
  const found = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}))?$/.exec(text.trim());
  if (found === null) return "";
  return type === "date" ? (found[1] ?? "") : `${found[1] ?? ""}T${found[2] ?? "09:00"}`;
}

function calendarIcon(): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  const drawn = { viewBox: "0 0 24 24", width: "16", height: "16", fill: "none", stroke: "currentColor", "stroke-width": "1.6", "aria-hidden": "true" };
  for (const [name, value] of Object.entries(drawn)) svg.setAttribute(name, value);
  path.setAttribute("d", "M4 7a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM16 3v4M8 3v4M4 11h16");
  svg.append(path);
  return svg;
}
