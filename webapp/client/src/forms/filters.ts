/** Long lists of boxes get a field that narrows them; what is ticked always stays in sight. */
import { words } from "./words";

/** Add the field to every long list below `part`. */
export function startFilters(part: HTMLElement): void {
  for (const boxes of part.querySelectorAll<HTMLElement>("[data-filter]:not([data-started])")) {
    boxes.dataset["started"] = "";
    const field = document.createElement("input");
    Object.assign(field, { type: "search", className: "form-control", placeholder: words.filter });
    field.setAttribute("aria-label", words.filter);
    boxes.before(field);
    field.addEventListener("input", (event) => {
      event.stopPropagation(); // no answer of the form
      for (const box of boxes.querySelectorAll<HTMLElement>(".form-box")) {
        const ticked = box.querySelector("input")?.checked === true;
        box.hidden = !ticked && !(box.textContent ?? "").includes(field.value.trim());
      }
    });
  }
}
