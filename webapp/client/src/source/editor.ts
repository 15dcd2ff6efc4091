/* A plain text editor with line numbers in place of a textarea, which keeps the text, so that its form is sent as before.
   It stands in a shadow root, as the FEEL editor does: there CodeMirror adopts its style sheet. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";

const PHRASES = { "Diagnostics": "错处", "No diagnostics": "没有错处", "close": "关闭", "Control character": "控制字符" };

const look = Prec.highest(EditorView.theme({
  "&": { color: "var(--ink)" },
  "& .cm-content": { padding: "8px 0", caretColor: "var(--ink)" },
  "& .cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", overflow: "auto", minHeight: "240px", maxHeight: "60vh" },
  "& .cm-gutters": { background: "var(--surface-2)", color: "var(--ink-3)", borderRight: "1px solid var(--line)" },
  "& .cm-activeLine": { background: "var(--hover)" },
  "& .cm-cursor": { borderLeftColor: "var(--ink)" },
  "& .cm-diagnostic": { padding: "6px 10px", borderLeft: "0", fontFamily: "var(--font)" },
  "& .cm-tooltip": { border: "1px solid var(--line-2)", background: "var(--surface)", color: "var(--ink)" },
}));

export function mountSourceEditor(area: HTMLTextAreaElement, label: string): void {
  const place = document.createElement("div");
  place.className = "source-editor";
  area.after(place);
  const parent = document.createElement("div");
  const root = place.attachShadow({ mode: "open" });
  root.append(parent);
  const view = new EditorView({
    parent,
    root,
    doc: area.value,
    extensions: [
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      EditorState.phrases.of(PHRASES),
      EditorView.contentAttributes.of({ "aria-label": label, "spellcheck": "false", "autocapitalize": "off" }),
      EditorView.updateListener.of((update) => { if (update.docChanged) area.value = update.state.doc.toString(); }),
      look,
    ],
  });
  area.hidden = true;
  for (const one of area.labels) one.addEventListener("click", () => { view.focus(); });
  mark(view, Number(area.dataset["line"] ?? 0), area.dataset["message"] ?? "");
}

/** Show what is wrong in its line, and scroll there. */
function mark(view: EditorView, number: number, message: string): void {
  if (number < 1 || number > view.state.doc.lines) return;
  const { from, to } = view.state.doc.line(number);
  view.dispatch(setDiagnostics(view.state, [{ from, to, severity: "error", message }]));
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
}
