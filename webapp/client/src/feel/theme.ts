/* The editor in our colours. The rules live in a sheet that is adopted, never in a style element: the content
   policy forbids these. Tokens are inherited from the page, so both themes follow. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Extension, Prec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const words = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.typeName], color: "var(--violet)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--green)" },
  { tag: tags.number, color: "var(--amber)" },
  { tag: [tags.arithmeticOperator, tags.compareOperator], color: "var(--ink-2)" },
  { tag: [tags.variableName, tags.special(tags.variableName), tags.propertyName], color: "var(--ink)" },
  { tag: [tags.definition(tags.variableName), tags.definition(tags.propertyName)], color: "var(--ink)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.special(tags.variableName))], color: "var(--blue)" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.function(tags.propertyName)], color: "var(--blue)" },
  { tag: [tags.lineComment, tags.blockComment], color: "var(--ink-3)" },
]);

const underline = (colour: string): Record<string, string> => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${colour} 1.5px`,
  textUnderlineOffset: "4px",
  textDecorationSkipInk: "none",
});

const shape = EditorView.theme({
  "&": { color: "var(--ink)" },
  "& .cm-content": { padding: "7px 0", caretColor: "var(--ink)" },
  "& .cm-scroller": { fontFamily: "var(--mono)", lineHeight: "22px", overflow: "auto", maxHeight: "40vh" },
  "& .cm-line": { padding: "0 10px" },
  "& .cm-placeholder": { color: "var(--ink-3)" },
  "& .cm-lintRange-error": underline("var(--red)"),
  "& .cm-lintRange-warning": underline("var(--amber)"),
  "& .cm-lintPoint::after": { borderBottomColor: "var(--red)" },
  "&.cm-focused .cm-matchingBracket, & .cm-matchingBracket": { backgroundColor: "var(--brand-soft)" },
  "& .cm-tooltip": {
    border: "1px solid var(--line-2)", borderRadius: "var(--radius-m)", background: "var(--surface)", color: "var(--ink)",
    boxShadow: "var(--sh-3)", fontFamily: "var(--font)", fontSize: "13px", lineHeight: "20px", overflow: "hidden",
  },
  "& .cm-tooltip.cm-tooltip-autocomplete": { overflow: "visible" },
  "& .cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "240px", maxWidth: "min(560px, 92vw)" },
  "& .cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "4px 10px", minHeight: "24px" },
  "& .cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--brand-soft)", color: "var(--ink)" },
  "& .cm-completionIcon": { display: "none" },
  "& .cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  "& .cm-completionDetail": { marginLeft: "10px", color: "var(--ink-3)", fontStyle: "normal", fontFamily: "var(--font)" },
  "& .cm-tooltip.cm-completionInfo": { padding: "6px 10px", maxWidth: "min(320px, 80vw)" },
  "& .cm-diagnostic": { padding: "6px 10px", borderLeft: "0" },
  "& .cm-diagnosticAction": {
    font: "inherit", padding: "0", margin: "0 0 0 8px", border: "0", background: "none", color: "var(--link)", cursor: "pointer",
  },
});

/** Rules that win against those that the editor brings along. */
export const look: Extension = [Prec.highest(shape), Prec.highest(syntaxHighlighting(words))];
