/* What is wrong with the drawing: asked of the server a moment after each change, told as a list and as marks. */
import { asObject, asText, postForm } from "../shell/http";
import { type Board, goTo } from "./board";
import { all } from "./choices";

const PAUSE = 500;
const WRONG = "studio-wrong";

interface Problem { readonly file: string; readonly element: string; readonly text: string; readonly blocks: boolean }

export function startFindings(place: HTMLElement, count: HTMLElement, url: string, board: Board): void {
  let timer: ReturnType<typeof setTimeout> | undefined, asked = 0, marked: readonly string[] = [];
  const ask = async (): Promise<void> => {
    const number = asked += 1;
    try {
      const problems = await postForm(url, fileForm(await board.file()), readProblems);
      if (number !== asked) return;
      for (const id of marked) if (board.shapes.get(id)) board.canvas.removeMarker(id, WRONG);
      marked = problems.filter((one) => one.blocks).map((one) => one.element).filter((id) => board.shapes.get(id));
      for (const id of marked) board.canvas.addMarker(id, WRONG);
      count.textContent = counted(problems);
      place.replaceChildren(...problems.map((one) => line(one, board)));
    } catch (error) {
      if (number === asked) count.textContent = error instanceof TypeError ? "连不上服务器，还没有检查" : String((error as Error).message);
    }
  };
  const later = (): void => { clearTimeout(timer); timer = setTimeout(() => { void ask(); }, PAUSE); };
  board.bus.on("commandStack.changed", later);
  void ask();
}

/** Pure: how many are to be mended, and how many are for notice. */
export function counted(problems: readonly { readonly blocks: boolean }[]): string {
  const wrong = problems.filter((one) => one.blocks).length, notes = problems.length - wrong;
  const told = wrong === 0 ? "没有要改的地方" : `${wrong} 处要改`;
  return notes === 0 ? told : `${told}，${notes} 处注意`;
}

export function fileForm(xml: string): FormData {
  const form = new FormData();
  form.append("content", new Blob([xml], { type: "application/xml" }), "diagram.bpmn");
  return form;
}

function line(problem: Problem, board: Board): HTMLElement {
  const item = document.createElement("li");
  if (!problem.blocks) item.className = "muted";
  if (!board.shapes.get(problem.element)) {
    item.textContent = `${problem.file.startsWith("diagrams/") ? "" : `${problem.file}：`}${problem.text}`;
    return item;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "text-button";
  button.textContent = problem.text;
  button.addEventListener("click", () => { goTo(board, problem.element); });
  item.append(button);
  return item;
}

function readProblems(value: unknown): Problem[] {
  return all(asObject(value)["problems"]).map((each) => {
    const one = asObject(each);
    return { file: asText(one["file"]), element: asText(one["element"]), text: asText(one["text"]), blocks: one["blocks"] === true };
  });
}
