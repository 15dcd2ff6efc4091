/* The draft of a template: an editor with line numbers in place of the textarea. */
import { canMount } from "../shell/adopted";

export function start(root: HTMLElement): void {
  const area = root.querySelector<HTMLTextAreaElement>("textarea[data-source]:not([data-ready])");
  if (!area || !canMount()) return;
  area.dataset["ready"] = "";
  void import("../source/editor").then(({ mountSourceEditor }) => {
    mountSourceEditor(area, area.labels[0]?.textContent.trim() ?? "");
  });
}
