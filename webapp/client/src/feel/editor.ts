/* The FEEL editor: it takes the place of a textarea, which keeps the text, so that its form can be sent as before.
   It stands in a shadow root of its own: there CodeMirror adopts its style sheet, which the content policy allows. */
import FeelEditor from "@bpmn-io/feel-editor";
import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { history, historyKeymap } from "@codemirror/commands";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Transaction } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { Mark } from "./answer";
import { choiceAt, type Word } from "./completion";
import { look } from "./theme";

export interface FeelField {
  /** Tell whether a word is being composed: what stands there is not yet what is meant. */
  readonly isComposing: () => boolean;
  readonly insert: (word: Word) => void;
  readonly mark: (marks: readonly Mark[]) => void;
}

export interface Options {
  readonly name: string;
  readonly label: string;
  readonly words: () => readonly Word[];
  readonly changed: () => void;
}

const PHRASES = {
  "Completions": "可以写的名称", "Diagnostics": "错处", "No diagnostics": "没有错处", "close": "关闭",
  "Control character": "控制字符", "Selection deleted": "选中的已删除",
};

export function mountFeelEditor(area: HTMLTextAreaElement, options: Options): FeelField {
  const place = document.createElement("div");
  place.className = `feel-editor feel-editor-${options.name}`;
  area.after(place);
  const container = document.createElement("div");
  place.attachShadow({ mode: "open" }).append(container);
  const view = viewOf(new FeelEditor({
    container,
    value: area.value,
    placeholder: area.placeholder,
    contentAttributes: { "aria-label": options.label, "spellcheck": "false", "autocapitalize": "off" },
    onChange: (text: string) => {
      area.value = text;
      options.changed();
    },
    extensions: [
      history(),
      keymap.of(historyKeymap),
      EditorView.lineWrapping,
      EditorState.phrases.of(PHRASES),
      EditorView.domEventHandlers({ beforeinput: replaceOurselves, compositionstart: makeRoom }),
      autocompletion({ override: [(context) => complete(context, options.words())], icons: false }),
      look,
    ],
  }));
  area.hidden = true;
  place.addEventListener("click", () => { if (!view.hasFocus) view.focus(); }); // below the last line, too
  for (const label of area.labels) label.addEventListener("click", () => { view.focus(); });
  return {
    isComposing: () => view.composing,
    insert: (word) => { insert(view, view.state.selection.main.from, view.state.selection.main.to, word); },
    mark: (marks) => { view.dispatch(setDiagnostics(view.state, marks.map((one) => diagnostic(one, view.state.doc.length)))); },
  };
}

/** The library keeps its view to itself; what it offers is too little for us. */
function viewOf(editor: unknown): EditorView {
  return (editor as { _cmEditor: EditorView })._cmEditor;
}

/** Where one types over a selection the browser would keep the look of what was there, in a style attribute that
    the content policy forbids: so the editor replaces it. */
function replaceOurselves(event: InputEvent, view: EditorView): boolean {
  const { from, to, empty } = view.state.selection.main;
  if (event.inputType !== "insertText" || event.data === null || empty || view.composing) return false;
  const text = event.data;
  event.preventDefault();
  const insert = (): Transaction => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert());
  return true;
}

/** The same where a word is composed over a selection: what was selected goes before the browser begins. */
function makeRoom(_event: CompositionEvent, view: EditorView): boolean {
  if (!view.state.selection.main.empty) view.dispatch(view.state.update(view.state.replaceSelection(""), { userEvent: "delete.selection" }));
  return false;
}

function complete(context: CompletionContext, words: readonly Word[]): CompletionResult | null {
  const choice = choiceAt(context.state.sliceDoc(0, context.pos), words, context.explicit);
  if (!choice) return null;
  return { from: choice.from, options: choice.words.map(option), filter: false };
}

function option(word: Word): Completion {
  return {
    label: word.call || word.name,
    detail: word.call ? "" : word.detail,
    info: word.info,
    apply: (view, _completion, from, to) => { insert(view, from, to, word); },
  };
}

/** Write a name; of a function the brackets as well, with the cursor between them where it takes something. */
function insert(view: EditorView, from: number, to: number, word: Word): void {
  const before = view.state.sliceDoc(Math.max(0, from - 1), from);
  const gap = /[\p{L}\p{N}_]/u.test(before) ? " " : "";
  const text = `${gap}${word.name}${word.call ? "()" : ""}`;
  const takesNothing = !word.call || word.call.endsWith("()");
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + text.length - (takesNothing ? 0 : 1) },
    userEvent: "input.complete",
  });
  view.focus();
}

function diagnostic(one: Mark, end: number): Diagnostic {
  const from = Math.min(one.from, end), to = Math.min(Math.max(one.to, one.from), end);
  const actions = one.instead === "" ? [] : [{
    name: `改成“${one.instead}”`,
    apply: (view: EditorView, start: number, stop: number) => { view.dispatch({ changes: { from: start, to: stop, insert: one.instead } }); },
  }];
  return { from, to, severity: one.severity, message: one.message, actions };
}
