/* The drawing board: bpmn-js with our words, our menus and our attributes; lanes bear the names of roles. */
import Modeler from "bpmn-js/lib/Modeler";
import descriptor from "../../../../workflows/engine/descriptor.json";
import type { Choices } from "./choices";
import { ours } from "./menus";

/* All kinds of tasks are tasks to bpmn-js, so what is said of plain ones would be said twice of the others. */
const ATTRIBUTES = {
  ...descriptor,
  types: descriptor.types.map((type) => ("extends" in type ? { ...type, extends: type.extends.filter((name) => name !== "bpmn:Task") } : type)),
};

/** An object of the file: what is asked of it is named by the standard. */
export interface Thing {
  readonly $type: string;
  readonly id: string;
  readonly $parent?: Thing;
  $instanceOf(type: string): boolean;
  get(name: string): unknown;
}
export interface Shape {
  readonly id: string;
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly parent?: Shape;
  readonly labelTarget?: Shape;
  readonly waypoints?: readonly { x: number; y: number }[];
  readonly businessObject: Thing;
  readonly source?: Shape;
  readonly target?: Shape;
  readonly incoming: readonly Shape[];
  readonly outgoing: readonly Shape[];
}
interface Box { x: number; y: number; width: number; height: number }
export interface Registry { get(id: string): Shape | undefined; filter(fits: (shape: Shape) => boolean): Shape[] }
export interface Canvas {
  zoom(level: "fit-viewport" | number, center?: "auto"): number;
  viewbox(box?: Box): Box & { scale: number; inner: Box; outer: { width: number; height: number } };
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  scrollToElement(shape: Shape, padding?: number): void;
  getRootElement(): Shape;
}
export interface Bus { on(name: string | readonly string[], hear: (event: Event & { element?: Shape; newSelection?: Shape[] }) => void): void }
export interface Selection { select(shape: Shape | null): void; get(): Shape[] }
export interface Stack { undo(): void; redo(): void; canUndo(): boolean; canRedo(): boolean; execute(command: string, context: object): void; registerHandler(name: string, handler: object): void }
export interface Modeling {
  updateProperties(shape: Shape, properties: object): void;
  updateLabel(shape: Shape, label: string): void;
  removeElements(shapes: readonly Shape[]): void;
}
export interface Moddle { create(type: string, properties?: object): Thing }

export interface Board {
  readonly modeler: Modeler;
  readonly canvas: Canvas;
  readonly shapes: Registry;
  readonly selection: Selection;
  readonly stack: Stack;
  readonly modeling: Modeling;
  readonly moddle: Moddle;
  readonly bus: Bus;
  /** The drawing as a file, its lanes named by the codes of roles again. */
  readonly file: () => Promise<string>;
}

export async function openBoard(container: HTMLElement, source: string, choices: Choices): Promise<Board> {
  const label = { fontFamily: getComputedStyle(container).fontFamily, fontSize: 13, lineHeight: 1.25 };
  const modeler = new Modeler({
    container,
    textRenderer: { defaultStyle: label, externalStyle: { ...label, fontSize: 12 } },
    moddleExtensions: { weiran: ATTRIBUTES },
    additionalModules: [ours],
  });
  const bus = modeler.get<Bus>("eventBus");
  bus.on("import.render.start", (event) => { rename((event as unknown as { definitions: Thing }).definitions, titles(choices)); });
  await modeler.importXML(source);
  const codes = new Map([...titles(choices)].map(([code, title]) => [title, code]));
  return {
    modeler, bus,
    canvas: modeler.get<Canvas>("canvas"),
    shapes: modeler.get<Registry>("elementRegistry"),
    selection: modeler.get<Selection>("selection"),
    stack: modeler.get<Stack>("commandStack"),
    modeling: modeler.get<Modeling>("modeling"),
    moddle: modeler.get<Moddle>("moddle"),
    file: async () => {
      const definitions = modeler.getDefinitions() as unknown as Thing;
      rename(definitions, codes);
      try {
        return (await modeler.saveXML({ format: true })).xml ?? "";
      } finally {
        rename(definitions, titles(choices));
      }
    },
  };
}

function titles(choices: Choices): Map<string, string> {
  return new Map(choices.roles.map((role) => [role.code, role.title]));
}

/** Give every lane whose name is a key its other name. */
function rename(definitions: Thing, names: ReadonlyMap<string, string>): void {
  for (const lane of lanes(definitions)) {
    const other = names.get(textOf(lane, "name"));
    if (other !== undefined) (lane as unknown as { name: string }).name = other;
  }
}

function* lanes(thing: Thing): Generator<Thing> {
  for (const name of ["rootElements", "laneSets", "lanes", "childLaneSet", "flowElements"]) {
    const held = name in thing || ["rootElements", "laneSets", "lanes"].includes(name) ? thing.get(name) : undefined;
    for (const one of (Array.isArray(held) ? held : [held]).filter(Boolean) as Thing[]) {
      if (one.$type === "bpmn:Lane") yield one;
      if (name !== "flowElements" || one.$type === "bpmn:SubProcess") yield* lanes(one);
    }
  }
}

export function textOf(thing: Thing, name: string): string {
  const value = thing.get(name);
  return typeof value === "string" ? value : "";
}

export function isA(shape: Shape, ...types: readonly string[]): boolean {
  return types.some((type) => shape.businessObject.$instanceOf(`bpmn:${type}`));
}

const PALETTE = 110, MARGIN = 20, SMALLEST = 0.5;

/** Show all of the drawing beside the palette; where that is too small to read, its beginning. */
export function showAll(board: Board): void {
  const { inner, outer } = board.canvas.viewbox();
  const fitting = Math.min((outer.width - PALETTE - MARGIN) / inner.width, (outer.height - 2 * MARGIN) / inner.height, 1);
  const scale = Math.max(SMALLEST, fitting), height = outer.height / scale;
  const above = Math.max(MARGIN / scale, (height - inner.height) / 2);
  board.canvas.viewbox({ x: inner.x - PALETTE / scale, y: inner.y - above, width: outer.width / scale, height });
}

/** The ways that lead on from an element. */
export function flowsOf(shape: Shape): Shape[] {
  return shape.outgoing.filter((flow) => isA(flow, "SequenceFlow"));
}

/** Show a shape and choose it. */
export function goTo(board: Board, id: string): boolean {
  const shape = board.shapes.get(id);
  if (!shape) return false;
  board.canvas.scrollToElement(shape, 120);
  board.selection.select(shape);
  return true;
}
