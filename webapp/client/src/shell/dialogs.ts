/* Dialogs made by script: the sheet of keys, and the frame that the palette uses. */

const KEYS: readonly (readonly [string, string])[] = [
  ["J K", "上下移动"], ["↵", "打开"], ["C", "领取"], ["Esc", "回到列表"], ["Ctrl ↵", "提交"],
  ["/", "搜索"], ["G D", "去待办"], ["G B", "去办件"], ["Ctrl K", "命令"],
];

export function openDialog(className: string, label: string): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  dialog.className = `dialog ${className}`.trim();
  dialog.setAttribute("aria-label", label);
  dialog.addEventListener("close", () => { dialog.remove(); });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  return dialog;
}

export function showKeys(): void {
  const dialog = openDialog("", "快捷键");
  const head = document.createElement("div");
  head.className = "dialog-head";
  const title = document.createElement("h2");
  title.textContent = "快捷键";
  head.append(title);
  const list = document.createElement("dl");
  list.className = "keys dialog-body";
  for (const [keys, meaning] of KEYS) list.append(...entry(keys, meaning));
  dialog.append(head, list);
  dialog.showModal();
}

function entry(keys: string, meaning: string): HTMLElement[] {
  const term = document.createElement("dt");
  term.append(...keys.split(" ").map((key) => {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    return cap;
  }));
  const definition = document.createElement("dd");
  definition.textContent = meaning;
  return [term, definition];
}
