/* A diagram to look at: done steps and ways, where the case stands with who and until when, what is to come. */
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const READABLE = 0.72;
/* Notes keep their size, and go where the drawing becomes too small for them. */
const SIZED = { scale: { min: 1, max: 1 }, show: { minZoom: 0.35 } };
const FRAMES = new Set(["bpmn:Participant", "bpmn:Lane", "bpmn:SubProcess"]);
const STEPS = /Task$/;
const AHEAD = { defaultFillColor: "var(--surface)", defaultStrokeColor: "#AEBAB6", defaultLabelColor: "var(--ink-3)" };
const DONE: Look = { stroke: "var(--link)", fill: "var(--brand-soft)", text: "var(--ink)" };
const NOW: Look = { stroke: "var(--brand)", fill: "var(--brand)", text: "#FFFFFF" };
const FRAME: Look = { stroke: "var(--line-2)", fill: "none", text: "var(--ink-3)" };

export interface Bounds { x: number; y: number; width: number; height: number }
export interface Look { stroke: string; fill: string; text: string }
export interface Shape extends Bounds { id: string; type: string; waypoints?: unknown; di: { set(name: string, value: unknown): void } }
export interface Canvas {
  zoom(level: "fit-viewport" | number, center?: { x: number; y: number } | "auto"): number;
  viewbox(box?: Bounds): Bounds & { scale: number; inner: Bounds; outer: { width: number; height: number } };
  addMarker(id: string, marker: string): void;
}
export interface Registry { get(id: string): Shape | undefined; forEach(visit: (shape: Shape, drawn: SVGElement) => void): void }
interface Factory { update(kind: "shape" | "connection", shape: Shape, drawn: SVGElement): void }
interface Moddle { create(type: string, attributes: object): unknown }
export interface Overlays { add(id: string, overlay: { position: object; html: HTMLElement; scale: object; show: object }): void }

export interface CaseView { zoom(how: string): void }

export async function drawCase(container: HTMLElement, steps: readonly HTMLElement[]): Promise<CaseView> {
  const viewer = await openDrawing(container);
  const canvas = viewer.get<Canvas>("canvas");
  const shapes = viewer.get<Registry>("elementRegistry");
  mark(container, viewer);
  annotate(steps, viewer.get<Overlays>("overlays"), shapes);
  const here = places(container, shapes);
  show(canvas, here);
  return { zoom: (how) => { zoom(canvas, here, how); } };
}

/** Fetch the diagram that a container names, and draw it as nothing but "to come". */
export async function openDrawing(container: HTMLElement): Promise<NavigatedViewer> {
  const answer = await fetch(container.dataset["diagram"] ?? "", { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) throw new Error(answer.statusText);
  // texts are measured on a canvas, which does not know what "inherit" is
  const label = { fontFamily: getComputedStyle(container).fontFamily, fontSize: 13, lineHeight: 1.25 };
  const viewer = new NavigatedViewer({
    container,
    textRenderer: { defaultStyle: label, externalStyle: { ...label, fontSize: 12 } },
    bpmnRenderer: AHEAD,
    zoomScroll: { enabled: false },
  });
  await viewer.importXML(await answer.text());
  return viewer;
}

/** Repaint each shape and flow by how far the case has come; everything was drawn as "to come". */
function mark(container: HTMLElement, viewer: NavigatedViewer): void {
  const done = words(container, "done"), now = words(container, "now"), flows = words(container, "flows");
  const shapes = viewer.get<Registry>("elementRegistry");
  const paint = painter(viewer);
  shapes.forEach((shape, drawn) => {
    if (STEPS.test(shape.type)) viewer.get<Canvas>("canvas").addMarker(shape.id, "case-step");
    const owner = shape.id.replace(/_label$/, "");
    if (FRAMES.has(shape.type)) paint(shape, drawn, FRAME);
    else if (now.has(owner)) paint(shape, drawn, shape.id === owner ? NOW : DONE);
    else if (done.has(owner) || flows.has(owner)) paint(shape, drawn, DONE);
  });
}

export function painter(viewer: NavigatedViewer): (shape: Shape, drawn: SVGElement, look: Look) => void {
  const factory = viewer.get<Factory>("graphicsFactory");
  const moddle = viewer.get<Moddle>("moddle");
  return (shape, drawn, look) => {
    shape.di.set("bioc:stroke", look.stroke);
    shape.di.set("bioc:fill", look.fill);
    shape.di.set("label", moddle.create("bpmndi:BPMNLabel", { "color:color": look.text }));
    factory.update(shape.waypoints ? "connection" : "shape", shape, drawn);
    if (shape.waypoints) drawn.querySelector<SVGPathElement>(".djs-visual > path")?.style.setProperty("stroke-width", "2.2px");
  };
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

/** A note that stands above its place, however large it is. */
function raised(name: string, text: string): HTMLElement {
  const place = document.createElement("div");
  place.className = "diagram-above";
  place.append(note(name, text));
  return place;
}

export function note(name: string, text: string): HTMLElement {
  const element = document.createElement("div");
  element.className = name;
  element.textContent = text;
  return element;
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
  else {
    const { scale } = canvas.viewbox();
    canvas.zoom(Math.max(0.1, Math.min(3, how === "in" ? scale * 1.25 : scale / 1.25)), "auto");
  }
}

function words(container: HTMLElement, name: string): Set<string> {
  return new Set((container.dataset[name] ?? "").split(" ").filter(Boolean));
}
