/* The diagram as a numbered list: choose, rename, add the next step, delete; by the same commands as the canvas. */
import { type Board, flowsOf, goTo, isA, type Shape } from "./board";
import { deleteShape, insertAfter } from "./steps";
import { kindOf } from "./panel";
import { condition, isDefault } from "./properties";

/** `opened` is told when something was chosen here, so that its panel is gone to. */
export function startOutline(place: HTMLElement, board: Board, opened: () => void): void {
  const draw = (): void => {
    const focused = place.contains(document.activeElement) ? document.activeElement?.getAttribute("data-key") : null;
    const order = inOrder(board), numbers = new Map(order.map((shape, n) => [shape.id, n + 1]));
    place.replaceChildren(...order.map((shape) => item(board, shape, numbers, opened)));
    if (focused) place.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    mark();
  };
  const mark = (): void => {
    const [chosen] = board.selection.get();
    for (const each of place.querySelectorAll<HTMLElement>("[data-step]")) {
      each.querySelector("button")?.setAttribute("aria-pressed", String(each.dataset["step"] === chosen?.id));
    }
  };
  board.bus.on("commandStack.changed", draw);
  board.bus.on("selection.changed", mark);
  draw();
}

/** The elements in the order in which a case comes to them, what no way leads to last. */
function inOrder(board: Board): Shape[] {
  const nodes = board.shapes.filter((shape) => isA(shape, "FlowNode") && !shape.labelTarget);
  const starts = nodes.filter((shape) => isA(shape, "StartEvent")).sort((a, b) => a.y - b.y);
  const seen = new Set<Shape>();
  const visit = (shape: Shape): void => {
    const open = [shape];
    for (let next = open.pop(); next; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...flowsOf(next).map((flow) => flow.target).filter((target) => target !== undefined).reverse());
    }
  };
  for (const shape of [...starts, ...nodes]) visit(shape);
  return [...seen];
}

function item(board: Board, shape: Shape, numbers: ReadonlyMap<string, number>, opened: () => void): HTMLElement {
  const line = document.createElement("li");
  line.dataset["step"] = shape.id;
  line.className = "studio-step";
  const name = label(shape);
  const choose = button(`${shape.id}:choose`, name, `选 ${name}`, () => { goTo(board, shape.id); opened(); });
  choose.className = "studio-step-name";
  const kind = document.createElement("span");
  kind.className = "muted small";
  kind.textContent = kindOf(shape);
  const acts = document.createElement("span");
  acts.className = "studio-step-acts";
  if (!isA(shape, "EndEvent")) acts.append(button(`${shape.id}:next`, "加下一步", `在“${name}”后面加一步`, () => { insertAfter(board, shape); }));
  acts.append(button(`${shape.id}:delete`, "删除", `删除“${name}”`, () => { deleteShape(board, shape); }));
  line.append(choose, kind, acts);
  const flows = flowsOf(shape);
  if (flows.length > 1) line.append(branches(board, flows, numbers, opened));
  return line;
}

function branches(board: Board, flows: readonly Shape[], numbers: ReadonlyMap<string, number>, opened: () => void): HTMLElement {
  const list = document.createElement("ul");
  list.className = "studio-branches";
  list.append(...flows.map((flow) => {
    const line = document.createElement("li"), to = flow.target;
    const when = label(flow, isDefault(flow) ? "别的都不成立" : condition(flow) || "这条路");
    line.append(button(`${flow.id}:choose`, when, `选这条路：${when}`, () => { goTo(board, flow.id); opened(); }), to ? ` → ${numbers.get(to.id) ?? ""} ${label(to)}` : "");
    return line;
  }));
  return list;
}

function label(shape: Shape, otherwise = ""): string {
  const name = shape.businessObject.get("name");
  return typeof name === "string" && name !== "" ? name : otherwise || kindOf(shape);
}

function button(key: string, text: string, told: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "text-button";
  made.textContent = text;
  made.dataset["key"] = key;
  made.setAttribute("aria-label", told);
  made.addEventListener("click", act);
  return made;
}
