/* A process with its numbers: steps in six shades, flows as thick as they were taken, a note with each number. */
import { LIGHT_HEAT } from "../charts/colours";
import { type Look, type Opened, type Shape, SIZED, note, opened, painter, raised, step, widen } from "./viewer";

const FRAMES = new Set(["bpmn:SubProcess"]);
/* Numbers of flows stand between steps, where only a large drawing has room. */
const NEAR = { ...SIZED, show: { minZoom: 0.75 } };

export interface HeatView { zoom(how: string): void }

/** Draw the diagram; each row of a table that names an element or a flow says its shade and its number. */
export async function drawHeat(container: HTMLElement, rows: readonly HTMLElement[]): Promise<HeatView> {
  const view = await opened(container);
  const paint = painter(view.viewer);
  const isDark = getComputedStyle(container).colorScheme === "dark";
  const heats = new Map(rows.map((row) => [named(row), row.dataset["heat"]]));
  view.shapes.forEach((shape, graphics) => {
    const heat = heats.get(shape.id);
    if (heat === undefined || FRAMES.has(shape.type)) return;
    paint(shape, graphics, shape.waypoints ? FLOW : shade(Number(heat), isDark));
    if (shape.waypoints) widen(graphics, 1.5 + Number(heat) * 0.7);
  });
  for (const row of rows) tell(view, row);
  view.canvas.zoom("fit-viewport", "auto");
  return {
    zoom: (how) => {
      if (how === "all") view.canvas.zoom("fit-viewport", "auto");
      else step(view.canvas, how);
    },
  };
}

const FLOW: Look = { stroke: "var(--link)", fill: "none", text: "var(--ink)" };

/** Pure: the look of a step of heat; the darkest carry light text. */
export function shade(heat: number, isDark: boolean): Look {
  const shades = isDark ? [...LIGHT_HEAT].reverse() : LIGHT_HEAT;
  const carriesLight = isDark ? heat < 2 : heat > 3;
  return { stroke: "var(--link)", fill: shades[heat] ?? "none", text: carriesLight ? "#FFFFFF" : "#17211F" };
}

/** Put the number of a row over its element, or at the middle of its flow. */
function tell(view: Opened, row: HTMLElement): void {
  const shape = view.shapes.get(named(row)), text = row.dataset["badge"];
  if (!shape || !text) return;
  if (!shape.waypoints) view.overlays.add(shape.id, { position: { top: -4, left: 0 }, html: raised("diagram-pill", text), ...SIZED });
  else view.overlays.add(shape.id, { position: middle(shape), html: note("diagram-day", text), ...NEAR });
}

/** The middle of a flow, counted from its upper left corner. */
function middle(shape: Shape): { top: number; left: number } {
  const points = shape.waypoints ?? [];
  const at = Math.floor((points.length - 1) / 2);
  const from = points[at], to = points[at + 1];
  if (!from || !to) return { top: 0, left: 0 };
  const left = Math.min(...points.map((point) => point.x)), top = Math.min(...points.map((point) => point.y));
  return { left: (from.x + to.x) / 2 - left - 8, top: (from.y + to.y) / 2 - top - 8 };
}

function named(row: HTMLElement): string {
  return row.dataset["element"] ?? row.dataset["flow"] ?? "";
}
