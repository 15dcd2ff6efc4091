/* A page with a drawing: the diagram, and where a case stands in it, or what all cases did. The lists stay below. */
import { drawCase } from "../diagram/case-view";
import { drawHeat } from "../diagram/heat-view";
import { offerReplay } from "../diagram/replay";

export function start(root: HTMLElement): void {
  const canvas = root.querySelector<HTMLElement>("[data-diagram]:not([data-drawn])");
  if (!canvas) return;
  canvas.dataset["drawn"] = "";
  canvas.hidden = false;
  const outline = root.querySelector<HTMLDetailsElement>("[data-diagram-outline]");
  const tools = root.querySelector<HTMLElement>("[data-diagram-tools]");
  const drawing = "heat" in canvas.dataset
    ? drawHeat(canvas, [...root.querySelectorAll<HTMLElement>("tr[data-element], tr[data-flow]")])
    : drawCase(canvas, [...(outline?.querySelectorAll<HTMLElement>("[data-element]") ?? [])]).then((view) => {
      const replay = root.querySelector<HTMLElement>("[data-replay]"), panel = root.querySelector<HTMLElement>("[data-replay-panel]");
      if (replay && panel) offerReplay(replay, panel, (marks) => { view.mark(marks); });
      return view;
    });
  void drawing
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
