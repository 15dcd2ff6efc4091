/* One side of a comparison: a drawing with a mark on everything that came, went or changed. */
import type NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

import { type Canvas, type Look, type Overlays, type Registry, type Shape, note, opened, painter } from "./viewer";

const ADDED: Look = { stroke: "#1C6B3C", fill: "#E7F3EB", text: "#1F2A27" };
const REMOVED: Look = { stroke: "#A3271E", fill: "#FBEAE8", text: "#1F2A27" };
const CHANGED: Look = { stroke: "#8A5200", fill: "#FCF1DF", text: "#1F2A27" };
const PLAIN: Look = { stroke: "#7C8985", fill: "#FFFFFF", text: "#55615D" };
const LOOKS: Record<string, Look> = { added: ADDED, removed: REMOVED };
const SIGNS: Record<string, string> = { added: "+", removed: "−", moved: "·" };
const FRAMES = new Set(["bpmn:Participant", "bpmn:Lane"]);

export interface Mark { element: string; kind: string; layout: boolean }
export interface Side { pick(element: string): void; layout(shown: boolean): void }

export async function drawSide(container: HTMLElement, marks: readonly Mark[]): Promise<Side> {
  const { viewer } = await opened(container);
  const canvas = viewer.get<Canvas & { removeMarker(id: string, marker: string): void }>("canvas");
  const shapes = viewer.get<Registry>("elementRegistry");
  const meant = marks.filter((mark) => !mark.layout);
  paint(viewer, new Map(meant.map((mark) => [mark.element, mark.kind])));
  for (const [element, kind] of new Map(meant.map((mark) => [mark.element, mark.kind]))) label(viewer, shapes.get(element), kind);
  canvas.zoom("fit-viewport", "auto");
  let picked = "";
  const faint: HTMLElement[] = [];
  return {
    pick(element) {
      if (picked) canvas.removeMarker(picked, "compare-picked");
      const shape = shapes.get(element);
      picked = shape ? element : "";
      if (!shape) return;
      canvas.addMarker(element, "compare-picked");
      center(canvas, shape);
    },
    layout(shown) {
      if (shown && faint.length === 0) {
        for (const mark of marks.filter((one) => one.layout)) {
          const drawn = label(viewer, shapes.get(mark.element), "moved");
          if (drawn) faint.push(drawn);
        }
      }
      for (const sign of faint) sign.hidden = !shown;
    },
  };
}

function paint(viewer: NavigatedViewer, kinds: ReadonlyMap<string, string>): void {
  const draw = painter(viewer);
  viewer.get<Registry>("elementRegistry").forEach((shape, drawn) => {
    const kind = kinds.get(shape.id.replace(/_label$/, ""));
    if (kind) draw(shape, drawn, LOOKS[kind] ?? CHANGED);
    else if (!FRAMES.has(shape.type) && shape.type !== "bpmn:Process" && shape.type !== "bpmn:Collaboration") draw(shape, drawn, PLAIN);
  });
}

/** A sign at a shape's corner or in the middle of a way: what happened is never told by colour alone. */
function label(viewer: NavigatedViewer, shape: Shape | undefined, kind: string): HTMLElement | null {
  if (!shape) return null;
  const sign = note(`diff-mark diff-${kind}`, SIGNS[kind] ?? "~");
  const middle = points(shape);
  const position = middle ? { top: middle.y - 11, left: middle.x - 11 } : { top: -11, left: -11 };
  viewer.get<Overlays>("overlays").add(shape.id, { position, html: sign, scale: { min: 1, max: 1 }, show: { minZoom: 0 } });
  return sign;
}

/** The middle of a way, reckoned from the corner of its box, as overlays want it. */
function points(shape: Shape): { x: number; y: number } | null {
  const bends = shape.waypoints as { x: number; y: number }[] | undefined;
  if (!bends || bends.length < 2) return null;
  const from = bends[Math.floor((bends.length - 1) / 2)], to = bends[Math.floor((bends.length - 1) / 2) + 1];
  if (!from || !to) return null;
  const left = Math.min(...bends.map((one) => one.x)), top = Math.min(...bends.map((one) => one.y));
  return { x: (from.x + to.x) / 2 - left, y: (from.y + to.y) / 2 - top };
}

function center(canvas: Canvas, shape: Shape): void {
  const bends = shape.waypoints as { x: number; y: number }[] | undefined;
  const at = bends?.[Math.floor(bends.length / 2)] ?? { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
  const { outer } = canvas.viewbox();
  const scale = 0.85, width = outer.width / scale, height = outer.height / scale;
  canvas.viewbox({ x: at.x - width / 2, y: at.y - height / 2, width, height });
}
