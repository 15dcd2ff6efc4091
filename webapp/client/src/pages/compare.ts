/* Two releases side by side: a change that is clicked in the list is shown in both drawings. */
import { drawSide } from "../diagram/compare-view";
import type { Mark, Side } from "../diagram/compare-view";

export function start(root: HTMLElement): void {
  const whole = root.querySelector<HTMLElement>("[data-compare]:not([data-drawn])");
  if (!whole) return;
  whole.dataset["drawn"] = "";
  const changes = [...whole.querySelectorAll<HTMLButtonElement>("[data-element]")];
  const marks: Mark[] = changes
    .filter((one) => one.dataset["area"] === "flow" || one.dataset["area"] === "layout")
    .map((one) => ({ element: one.dataset["element"] ?? "", kind: one.dataset["kind"] ?? "", layout: one.dataset["area"] === "layout" }));
  const sides: Side[] = [];
  for (const canvas of whole.querySelectorAll<HTMLElement>("[data-diagram]")) {
    canvas.hidden = false;
    void drawSide(canvas, marks).then((side) => { sides.push(side); }).catch(() => { canvas.hidden = true; });
  }
  const layout = whole.querySelector<HTMLDetailsElement>("[data-layout]");
  layout?.addEventListener("toggle", () => { for (const side of sides) side.layout(layout.open); });
  whole.addEventListener("click", (event) => {
    const picked = (event.target as HTMLElement).closest<HTMLButtonElement>("[data-element]");
    if (!picked) return;
    for (const one of changes) one.setAttribute("aria-pressed", String(one === picked));
    for (const side of sides) side.pick(picked.dataset["element"] ?? "");
  });
}
