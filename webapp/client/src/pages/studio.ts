/* The page on which a diagram is drawn: canvas, panel, outline, findings; kept as one goes. */
import { type Board, goTo, openBoard, showAll } from "../studio/board";
import { readChoices } from "../studio/choices";
import { startFindings } from "../studio/findings";
import { startOutline } from "../studio/outline";
import { startPanel } from "../studio/panel";
import { type Keeper, startSaving } from "../studio/saving";
import { registerSteps } from "../studio/steps";
import { missing } from "../studio/words";
import { getJson } from "../shell/http";

export function start(root: HTMLElement): void {
  const place = root.querySelector<HTMLElement>("[data-studio]:not([data-ready])");
  if (!place) return;
  place.dataset["ready"] = "";
  void open(place).catch(() => { place.querySelector<HTMLElement>("[data-broken]")?.removeAttribute("hidden"); });
}

async function open(place: HTMLElement): Promise<void> {
  const { source = "", choices: offered = "", check = "" } = place.dataset;
  const [answer, choices] = await Promise.all([fetch(source), getJson(offered, readChoices)]);
  if (!answer.ok) throw new Error(answer.statusText);
  const board = await openBoard(part(place, "canvas"), await answer.text(), choices);
  registerSteps(board);
  startPanel(part(place, "panel"), board, choices);
  startOutline(part(place, "outline"), board, () => { part(place, "panel-title").focus(); });
  startFindings(part(place, "findings"), part(place, "count"), check, board);
  follow(place, board, startSaving(place, board));
  showAll(board);
  goTo(board, decodeURIComponent(location.hash.slice(1)));
  board.bus.on(["commandStack.changed", "popupMenu.open", "contextPad.open", "selection.changed"], () => { place.dataset["missing"] = [...missing].join("|"); });
  place.dataset["open"] = "";
}

function follow(place: HTMLElement, board: Board, keeper: Keeper): void {
  const acts: Readonly<Record<string, () => void>> = {
    undo: () => { board.stack.undo(); },
    redo: () => { board.stack.redo(); },
    save: () => { void keeper.save(); },
    in: () => { board.canvas.zoom(board.canvas.viewbox().scale * 1.25, "auto"); },
    out: () => { board.canvas.zoom(board.canvas.viewbox().scale / 1.25, "auto"); },
    all: () => { showAll(board); },
  };
  const show = (): void => {
    for (const [act, can] of [["undo", board.stack.canUndo()], ["redo", board.stack.canRedo()]] as const) {
      const button = place.querySelector<HTMLButtonElement>(`[data-act=${act}]`);
      if (button) button.disabled = !can;
    }
  };
  for (const [act, run] of Object.entries(acts)) place.querySelector(`[data-act=${act}]`)?.addEventListener("click", run);
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase(), isText = (event.target as HTMLElement).matches("input, textarea, [contenteditable]");
    if (!(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    const isWritten = isText || (event.target as HTMLElement).shadowRoot !== null; // there, undoing is the field's own
    const act = key === "s" ? "save" : isWritten ? "" : key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : "";
    if (act === "") return;
    event.preventDefault();
    if (act === "save") (event.target as HTMLElement).blur(); // what is being written is taken over first
    acts[act]?.();
  });
  board.bus.on("commandStack.changed", show);
  show();
}

function part(place: HTMLElement, name: string): HTMLElement {
  const found = place.querySelector<HTMLElement>(`[data-${name}]`);
  if (!found) throw new Error(`the page has no ${name}`);
  return found;
}
