/* A diagram to look at: done steps and ways, where the case stands with who and until when, what is to come. */
import { type Bounds, type Canvas, type Look, type Overlays, type Registry, type Shape, SIZED, note, opened, painter, raised, step } from "./viewer";

const READABLE = 0.72;
const FRAMES = new Set(["bpmn:Participant", "bpmn:Lane", "bpmn:SubProcess"]);
const STEPS = /Task$/;
const DONE: Look = { stroke: "var(--link)", fill: "var(--brand-soft)", text: "var(--ink)" };
const NOW: Look = { stroke: "var(--brand)", fill: "var(--brand)", text: "#FFFFFF" };
const AHEAD: Look = { stroke: "#AEBAB6", fill: "var(--surface)", text: "var(--ink-3)" };
const FRAME: Look = { stroke: "var(--line-2)", fill: "none", text: "var(--ink-3)" };

/** What is painted: elements and flows that are done, and where the case stands. */
export interface Marks { readonly done: ReadonlySet<string>; readonly now: ReadonlySet<string> }
export interface CaseView { zoom(how: string): void; mark(marks: Marks | null): void }

export async function drawCase(container: HTMLElement, steps: readonly HTMLElement[]): Promise<CaseView> {
  const { viewer, canvas, shapes, overlays } = await opened(container);
  const present = { done: new Set([...words(container, "done"), ...words(container, "flows")]), now: words(container, "now") };
  const paint = painter(viewer);
  const mark = (marks: Marks): void => { shapes.forEach((shape, drawn) => { paint(shape, drawn, look(shape, marks)); }); };
  shapes.forEach((shape) => { if (STEPS.test(shape.type)) canvas.addMarker(shape.id, "case-step"); });
  mark(present);
  annotate(steps, overlays, shapes);
  const here = places(container, shapes);
  show(canvas, here);
  return { zoom: (how) => { zoom(canvas, here, how); }, mark: (marks) => { mark(marks ?? present); } };
}

/** The look of a shape or a flow by how far the case has come. */
function look(shape: Shape, { done, now }: Marks): Look {
  const owner = shape.id.replace(/_label$/, "");
  if (FRAMES.has(shape.type)) return FRAME;
  if (now.has(owner)) return shape.id === owner ? NOW : DONE;
  return done.has(owner) ? DONE : AHEAD;
}

/** Put days under done steps, and over the present ones a pill with who and how long. */
function annotate(steps: readonly HTMLElement[], overlays: Overlays, shapes: Registry): void {
  for (const step of steps) {
    const shape = shapes.get(step.dataset["element"] ?? "");
    if (!shape) continue;
    const { pill, day } = step.dataset;
    if (pill) overlays.add(shape.id, { position: { top: -4, left: 0 }, html: raised("diagram-pill", pill), ...SIZED });
    else if (day) overlays.add(shape.id, { position: { bottom: -2, left: shape.width / 2 - 16 }, html: note("diagram-day", day), ...SIZED });
  }
}

/** Where the case stands; when it is over, the last end that it came to. */
function places(container: HTMLElement, shapes: Registry): Bounds | null {
  const now = [...words(container, "now")].map((id) => shapes.get(id)).filter((shape) => shape !== undefined);
  if (now.length > 0) return around(now);
  const ends = [...words(container, "done")].map((id) => shapes.get(id)).filter((shape) => shape?.type === "bpmn:EndEvent");
  return ends.length > 0 ? around(ends.filter((shape) => shape !== undefined).slice(-1)) : null;
}

export function around(boxes: readonly Bounds[]): Bounds {
  const left = Math.min(...boxes.map((box) => box.x)), top = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Show all where that can be read, else where the case stands, with what led there to its left. */
function show(canvas: Canvas, here: Bounds | null): void {
  if (canvas.zoom("fit-viewport", "auto") >= READABLE || here === null) return;
  const { outer, inner } = canvas.viewbox();
  const scale = Math.max(0.6, Math.min(0.95, (outer.height - 90) / here.height, (outer.width - 120) / here.width));
  const width = outer.width / scale, height = outer.height / scale;
  canvas.viewbox({
    x: within(here.x + here.width / 2 - width / 2, width, inner.x, inner.width),
    y: within(here.y + here.height / 2 - height / 2, height, inner.y, inner.height),
    width,
    height,
  });
}

/** Pure: where a window of this length begins so that it leaves the drawing as little as it can. */
export function within(start: number, length: number, from: number, whole: number): number {
  const margin = 40;
  if (length >= whole + 2 * margin) return from - (length - whole) / 2;
  return Math.max(from - margin, Math.min(start, from + whole + margin - length));
}

export function zoom(canvas: Canvas, here: Bounds | null, how: string): void {
  if (how === "all") canvas.zoom("fit-viewport", "auto");
  else if (how === "now") show(canvas, here);
  else step(canvas, how);
}

function words(container: HTMLElement, name: string): Set<string> {
  return new Set((container.dataset[name] ?? "").split(" ").filter(Boolean));
}
