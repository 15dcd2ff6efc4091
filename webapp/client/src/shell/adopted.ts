/** Whether this browser can hold an editor's styles without a style element, which the content policy forbids. */
export function canMount(): boolean {
  return "adoptedStyleSheets" in Document.prototype && "attachShadow" in Element.prototype;
}
