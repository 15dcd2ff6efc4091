/* A step between two others, and away again: each one command that is undone at once. */
import { type Board, flowsOf, type Shape } from "./board";

const STEP = { width: 100, height: 80 }, GAP = 50;

interface Factory { createShape(attributes: object): Shape }
interface Space { calculateAdjustments(shapes: Shape[], axis: string, delta: number, start: number): { movingShapes: Shape[]; resizingShapes: Shape[] }; makeSpace(moving: Shape[], resizing: Shape[], delta: { x: number; y: number }, direction: string, start: number): void }
interface Maker { createShape(shape: Shape, at: { x: number; y: number }, parent: Shape): Shape; connect(from: Shape, to: Shape): Shape; removeElements(shapes: readonly Shape[]): void }
interface Context { source?: Shape; made?: Shape; removed?: Shape }

class Insert {
  static readonly $inject = ["modeling", "spaceTool", "elementFactory", "elementRegistry"];

  constructor(private readonly modeling: Maker, private readonly space: Space, private readonly factory: Factory, private readonly shapes: { getAll(): Shape[] }) {}

  /** Move all that lies to the right, then put the step on the way that leads on. */
  preExecute(context: Context): void {
    const source = context.source;
    if (!source) return;
    const edge = source.x + source.width, start = edge + 5, room = STEP.width + GAP;
    const others = this.shapes.getAll().filter((shape) => shape.parent && !shape.waypoints);
    const { movingShapes, resizingShapes } = this.space.calculateAdjustments(others, "x", room, start);
    this.space.makeSpace(movingShapes, resizingShapes, { x: room, y: 0 }, "e", start);
    const [flow, second] = flowsOf(source);
    const at = { x: edge + GAP + STEP.width / 2, y: source.y + source.height / 2 };
    const shape = this.factory.createShape({ type: "bpmn:UserTask" });
    const parent = source.parent;
    if (!parent) return;
    const to = flow && !second ? flow.target : undefined;
    context.made = this.modeling.createShape(shape, at, parent);
    this.modeling.connect(source, context.made);
    if (flow && to) {
      this.modeling.removeElements([flow]);
      this.modeling.connect(context.made, to);
    }
  }
}

class Remove {
  static readonly $inject = ["modeling"];

  constructor(private readonly modeling: Maker) {}

  /** Take an element away; where one way led in and one out, the two are joined. */
  preExecute(context: Context): void {
    const shape = context.removed;
    if (!shape) return;
    const before = shape.incoming.map((flow) => flow.source), after = flowsOf(shape).map((flow) => flow.target);
    this.modeling.removeElements([shape]);
    const [from] = before, [to] = after;
    if (before.length === 1 && after.length === 1 && from && to && !from.outgoing.some((flow) => flow.target === to)) this.modeling.connect(from, to);
  }
}

const INSERT = "studio.insertAfter", REMOVE = "studio.remove";

export function registerSteps(board: Board): void {
  board.stack.registerHandler(INSERT, Insert);
  board.stack.registerHandler(REMOVE, Remove);
}

export function insertAfter(board: Board, source: Shape): void {
  const context: Context = { source };
  board.stack.execute(INSERT, context);
  if (context.made) board.selection.select(context.made);
}

export function deleteShape(board: Board, removed: Shape): void {
  board.stack.execute(REMOVE, { removed });
}
