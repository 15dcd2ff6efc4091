/* Reading and changing what an element says, always by commands that can be undone. */
import { type Board, type Shape, textOf, type Thing } from "./board";

export interface Pair { readonly name: string; readonly value: string }

/** What an element does by the catalogue: the operation, what goes in, what comes out. */
export interface Deed { readonly operation: string; readonly inputs: readonly Pair[]; readonly outputs: readonly Pair[] }

export function attribute(shape: Shape, name: string): string {
  return textOf(shape.businessObject, name);
}

export function setAttribute(board: Board, shape: Shape, name: string, value: string): void {
  board.modeling.updateProperties(shape, { [name]: value === "" ? undefined : value });
}

export function documentation(shape: Shape): string {
  const [first] = shape.businessObject.get("documentation") as Thing[];
  return first ? textOf(first, "text") : "";
}

export function setDocumentation(board: Board, shape: Shape, text: string): void {
  const told = text === "" ? [] : [board.moddle.create("bpmn:Documentation", { text })];
  board.modeling.updateProperties(shape, { documentation: told });
}

export function condition(shape: Shape): string {
  const found = shape.businessObject.get("conditionExpression") as Thing | undefined;
  return found ? textOf(found, "body") : "";
}

export function setCondition(board: Board, shape: Shape, body: string): void {
  board.modeling.updateProperties(shape, { conditionExpression: body === "" ? undefined : board.moddle.create("bpmn:FormalExpression", { body }) });
}

export function isDefault(shape: Shape): boolean {
  const from = shape.source?.businessObject;
  return from !== undefined && from.get("default") === shape.businessObject;
}

export function setDefault(board: Board, shape: Shape, wanted: boolean): void {
  if (shape.source) board.modeling.updateProperties(shape.source, { default: wanted ? shape.businessObject : undefined });
}

const TIMES = ["timeDate", "timeDuration", "timeCycle"] as const;
export type Time = (typeof TIMES)[number];

export function timer(shape: Shape): { kind: Time; text: string } | null {
  const found = ((shape.businessObject.get("eventDefinitions") ?? []) as Thing[]).find((one) => one.$type === "bpmn:TimerEventDefinition");
  if (!found) return null;
  const kind = TIMES.find((one) => found.get(one)) ?? "timeDate";
  const told = found.get(kind) as Thing | undefined;
  return { kind, text: told ? textOf(told, "body") : "" };
}

export function setTimer(board: Board, shape: Shape, kind: Time, body: string): void {
  const told = body === "" ? {} : { [kind]: board.moddle.create("bpmn:FormalExpression", { body }) };
  const definition = board.moddle.create("bpmn:TimerEventDefinition", told);
  const others = (shape.businessObject.get("eventDefinitions") as Thing[]).filter((one) => one.$type !== "bpmn:TimerEventDefinition");
  board.modeling.updateProperties(shape, { eventDefinitions: [definition, ...others] });
}

export function deed(shape: Shape): Deed {
  const values = extensions(shape);
  const pairs = (type: string): Pair[] => values.filter((one) => one.$type === type).map((one) => ({ name: textOf(one, "name"), value: textOf(one, "value") }));
  const operation = values.find((one) => one.$type === "weiran:Operation");
  return { operation: operation ? textOf(operation, "name") : "", inputs: pairs("weiran:Input"), outputs: pairs("weiran:Output") };
}

/** Write the operation with what goes in and out; what else is extended (messages, limits) stays. */
export function setDeed(board: Board, shape: Shape, wanted: Deed): void {
  const kept = extensions(shape).filter((one) => !["weiran:Operation", "weiran:Input", "weiran:Output"].includes(one.$type));
  const make = (type: string, pairs: readonly Pair[]): Thing[] => pairs.map((pair) => board.moddle.create(type, pair));
  const values = [
    ...kept,
    ...(wanted.operation === "" ? [] : [board.moddle.create("weiran:Operation", { name: wanted.operation })]),
    ...make("weiran:Input", wanted.inputs), ...make("weiran:Output", wanted.outputs),
  ];
  const extensionElements = values.length === 0 ? undefined : board.moddle.create("bpmn:ExtensionElements", { values });
  board.modeling.updateProperties(shape, { extensionElements });
}

function extensions(shape: Shape): Thing[] {
  const held = shape.businessObject.get("extensionElements") as Thing | undefined;
  return held ? (held.get("values") as Thing[]) : [];
}

/** Pure: the role that a FEEL text names, null where it reckons one. */
export function roleNamed(text: string): string | null {
  return /^"([a-z_]+)"$/u.exec(text.trim())?.[1] ?? null;
}
