/* A page with a drawing: the diagram, and where a case stands in it. The list of steps stays below. */
import { drawCase } from "../diagram/case-view";

export function start(root: HTMLElement): void {
  const canvas = root.querySelector<HTMLElement>("[data-diagram]:not([data-drawn])");
  if (!canvas) return;
  canvas.dataset["drawn"] = "";
  canvas.hidden = false;
  const outline = root.querySelector<HTMLDetailsElement>("[data-diagram-outline]");
  const tools = root.querySelector<HTMLElement>("[data-diagram-tools]");
  void drawCase(canvas, [...(outline?.querySelectorAll<HTMLElement>("[data-element]") ?? [])])
    .then((view) => {
      if (outline) outline.open = false;
      if (!tools) return;
      tools.hidden = false;
      tools.addEventListener("click", (event) => {
        const button = (event.target as HTMLElement).closest<HTMLElement>("[data-zoom]");
        if (button) view.zoom(button.dataset["zoom"] ?? "");
      });
    })
    .catch(() => { canvas.hidden = true; });
}
