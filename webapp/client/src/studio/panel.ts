/* The panel beside the canvas: what the chosen element is, in the order in which people ask. */
import { type Board, isA, type Shape } from "./board";
import type { Choices } from "./choices";
import { choiceField, feelField, field, note, pairsField, textField, tickField } from "./fields";
import * as properties from "./properties";
import { translate } from "./words";

const KINDS: Readonly<Record<string, string>> = {
  UserTask: "User task", ManualTask: "Manual task", ServiceTask: "Service task", SendTask: "Send task", ReceiveTask: "Receive task",
  BusinessRuleTask: "Business rule task", Task: "Task", CallActivity: "Call activity", SubProcess: "Sub-process", SequenceFlow: "Sequence flow",
  ExclusiveGateway: "Exclusive gateway", ParallelGateway: "Parallel gateway", InclusiveGateway: "Inclusive gateway",
  EventBasedGateway: "Event-based gateway", StartEvent: "Start event", EndEvent: "End event", BoundaryEvent: "Boundary event",
};
const OTHER: Readonly<Record<string, string>> = { Lane: "泳道", Participant: "流程", Process: "流程", Collaboration: "流程", TextAnnotation: "注释" };
const TIMES = [{ code: "timeDate", title: "到某一刻" }, { code: "timeDuration", title: "过一段时间" }, { code: "timeCycle", title: "每隔一段时间" }];

export function kindOf(shape: Shape): string {
  const name = shape.type.replace("bpmn:", "");
  return OTHER[name] ?? (KINDS[name] === undefined ? "事件" : translate(KINDS[name]));
}

/** Fill the panel anew whenever another element is chosen, or the chosen one was changed from elsewhere. */
export function startPanel(place: HTMLElement, board: Board, choices: Choices): void {
  let shown: Shape | null = null;
  const show = (shape: Shape | null): void => {
    shown = shape;
    place.replaceChildren(...(shape ? [heading(shape), ...fieldsOf(board, choices, shape)] : [note("在图里或步骤清单里选一个元素，这里改它的内容。")]));
  };
  board.bus.on("selection.changed", (event) => {
    const [first, second] = event.newSelection ?? [];
    show(first && !second ? (first.labelTarget ?? first) : null);
  });
  board.bus.on("commandStack.changed", () => {
    const now = shown && board.shapes.get(shown.id);
    if (!place.contains(document.activeElement)) show(now ?? null);
  });
  show(null);
}

function heading(shape: Shape): HTMLElement {
  const title = document.createElement("h3");
  title.className = "studio-kind";
  title.textContent = kindOf(shape);
  return title;
}

function* fieldsOf(board: Board, choices: Choices, shape: Shape): Generator<HTMLElement> {
  const set = (name: string) => (value: string): void => { properties.setAttribute(board, shape, name, value); };
  if (isA(shape, "Lane")) yield field("谁来办", choiceField(properties.attribute(shape, "name"), choices.roles.map((one) => ({ code: one.title, title: one.title })), "没有选", set("name")));
  else if (!isA(shape, "TextAnnotation", "Collaboration")) yield field("名称", textField(properties.attribute(shape, "name"), (text) => { board.modeling.updateLabel(shape, text); }, 2));
  if (isA(shape, "UserTask", "ManualTask")) yield* stepFields(board, choices, shape);
  if (isA(shape, "BusinessRuleTask")) yield field("决策表", choiceField(properties.attribute(shape, "weiran:decision"), choices.decisions, "没有选", set("weiran:decision")));
  if (isA(shape, "CallActivity")) yield field("调用哪个流程", choiceField(properties.attribute(shape, "calledElement"), choices.processes, "没有选", set("calledElement")));
  if (isA(shape, "Event")) yield* timeFields(board, choices, shape);
  if (isA(shape, "SequenceFlow")) yield* flowFields(board, choices, shape);
  if (isA(shape, "UserTask", "ManualTask", "ServiceTask")) yield* deedFields(board, choices, shape);
  if (isA(shape, "UserTask", "ManualTask", "ServiceTask", "SendTask", "BusinessRuleTask")) yield field("条款", choiceField(properties.attribute(shape, "weiran:article"), choices.articles, "不是哪一条要求的", set("weiran:article")));
  if (!isA(shape, "Lane", "TextAnnotation", "SequenceFlow")) yield field("说明", textField(properties.documentation(shape), (text) => { properties.setDocumentation(board, shape, text); }, 3));
  const id = document.createElement("p");
  id.className = "studio-id muted small";
  id.textContent = `编号 ${shape.id}`;
  yield id;
}

function* stepFields(board: Board, choices: Choices, shape: Shape): Generator<HTMLElement> {
  const set = (name: string) => (value: string): void => { properties.setAttribute(board, shape, name, value); };
  const role = properties.attribute(shape, "weiran:role"), named = properties.roleNamed(role);
  if (role === "" || named !== null) yield field("谁来办", choiceField(named ?? "", choices.roles, "泳道里的人", (code) => { set("weiran:role")(code && `"${code}"`); }));
  else yield feelField("谁来办（算出角色）", role, choices.words, set("weiran:role"));
  yield field("表单", choiceField(properties.attribute(shape, "weiran:form"), choices.forms, `和编号同名（${shape.id}）`, set("weiran:form")));
  yield field("期限", choiceField(properties.attribute(shape, "weiran:deadline"), choices.deadlines, "不按标准的期限", set("weiran:deadline")), "标准里的期限只选哪一种，天数由规则决定");
  yield feelField("自己定的期限", properties.attribute(shape, "weiran:due"), choices.words, set("weiran:due"), "算出日期，例如 add workdays(today(), 3)");
}

function* timeFields(board: Board, choices: Choices, shape: Shape): Generator<HTMLElement> {
  const time = properties.timer(shape);
  if (!time) return;
  yield field("等什么时候", choiceField(time.kind, TIMES, "没有选", (kind) => { if (kind) properties.setTimer(board, shape, kind as properties.Time, properties.timer(shape)?.text ?? ""); }));
  yield feelField("时间", time.text, choices.words, (text) => { properties.setTimer(board, shape, properties.timer(shape)?.kind ?? "timeDate", text); });
}

function* flowFields(board: Board, choices: Choices, shape: Shape): Generator<HTMLElement> {
  if (!shape.source || !isA(shape.source, "ExclusiveGateway", "InclusiveGateway")) return;
  yield tickField("别的都不成立时走这条", properties.isDefault(shape), (ticked) => { properties.setDefault(board, shape, ticked); });
  yield feelField("条件", properties.condition(shape), choices.words, (text) => { properties.setCondition(board, shape, text); }, "成立就走这条，例如 level = \"major\"");
}

function* deedFields(board: Board, choices: Choices, shape: Shape): Generator<HTMLElement> {
  const now = properties.deed(shape), known = choices.operations.find((one) => one.code === now.operation);
  const isStep = !isA(shape, "ServiceTask");
  const change = (wanted: Partial<properties.Deed>): void => { properties.setDeed(board, shape, { ...properties.deed(shape), ...wanted }); };
  const again = (code: string): void => {
    change({ operation: code, inputs: [] });
    (document.activeElement as HTMLElement | null)?.blur();
    board.selection.select(null);
    board.selection.select(shape);
  };
  yield field(isStep ? "交上来以后做什么" : "操作", choiceField(now.operation, choices.operations, isStep ? "只记下填的内容" : "没有选", again));
  if (now.operation !== "") yield pairsField("给它什么", now.inputs, known ? known.inputs : null, (inputs) => { change({ inputs }); });
  yield pairsField("结果记成变量", now.outputs, null, (outputs) => { change({ outputs }); });
}
