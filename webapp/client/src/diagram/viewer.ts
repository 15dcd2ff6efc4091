/* The drawing of a diagram to look at: opening it, painting its shapes, notes over them, zooming. */
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

/* Notes keep their size, and go where the drawing becomes too small for them. */
export const SIZED = { scale: { min: 1, max: 1 }, show: { minZoom: 0.35 } };
const PLAIN = { defaultFillColor: "var(--surface)", defaultStrokeColor: "#AEBAB6", defaultLabelColor: "var(--ink-3)" };
const CLOSEST = 3, FARTHEST = 0.1, STEP = 1.25;

export interface Bounds { x: number; y: number; width: number; height: number }
export interface Look { stroke: string; fill: string; text: string }
export interface Shape extends Bounds { id: string; type: string; waypoints?: readonly { x: number; y: number }[]; di: { set(name: string, value: unknown): void } }
export interface Canvas {
  zoom(level: "fit-viewport" | number, center?: { x: number; y: number } | "auto"): number;
  viewbox(box?: Bounds): Bounds & { scale: number; inner: Bounds; outer: { width: number; height: number } };
  addMarker(id: string, marker: string): void;
}
export interface Registry { get(id: string): Shape | undefined; forEach(visit: (shape: Shape, drawn: SVGElement) => void): void }
export interface Overlays { add(id: string, overlay: { position: object; html: HTMLElement; scale: object; show: object }): void }
interface Factory { update(kind: "shape" | "connection", shape: Shape, drawn: SVGElement): void }
interface Moddle { create(type: string, attributes: object): unknown }

export interface Opened { viewer: NavigatedViewer; canvas: Canvas; shapes: Registry; overlays: Overlays }

/** Fetch the diagram that the container names and draw it, nothing marked. */
export async function opened(container: HTMLElement): Promise<Opened> {
  const answer = await fetch(container.dataset["diagram"] ?? "", { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) throw new Error(answer.statusText);
  // texts are measured on a canvas, which does not know what "inherit" is
  const label = { fontFamily: getComputedStyle(container).fontFamily, fontSize: 13, lineHeight: 1.25 };
  const viewer = new NavigatedViewer({
    container,
    textRenderer: { defaultStyle: label, externalStyle: { ...label, fontSize: 12 } },
    bpmnRenderer: PLAIN,
    zoomScroll: { enabled: false },
  });
  await viewer.importXML(await answer.text());
  return {
    viewer,
    canvas: viewer.get<Canvas>("canvas"),
    shapes: viewer.get<Registry>("elementRegistry"),
    overlays: viewer.get<Overlays>("overlays"),
  };
}

export function painter(viewer: NavigatedViewer): (shape: Shape, drawn: SVGElement, look: Look) => void {
  const factory = viewer.get<Factory>("graphicsFactory");
  const moddle = viewer.get<Moddle>("moddle");
  return (shape, drawn, look) => {
    shape.di.set("bioc:stroke", look.stroke);
    shape.di.set("bioc:fill", look.fill);
    shape.di.set("label", moddle.create("bpmndi:BPMNLabel", { "color:color": look.text }));
    factory.update(shape.waypoints ? "connection" : "shape", shape, drawn);
    if (shape.waypoints) widen(drawn, 2.2);
  };
}

/** Draw a flow so many pixels wide. */
export function widen(drawn: SVGElement, width: number): void {
  drawn.querySelector<SVGPathElement>(".djs-visual > path")?.style.setProperty("stroke-width", `${width}px`);
}

/** A note that stands above its place, however large it is. */
export function raised(name: string, text: string): HTMLElement {
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

/** Come nearer or go farther by a step. */
export function step(canvas: Canvas, how: string): void {
  const { scale } = canvas.viewbox();
  canvas.zoom(Math.max(FARTHEST, Math.min(CLOSEST, how === "in" ? scale * STEP : scale / STEP)), "auto");
}
