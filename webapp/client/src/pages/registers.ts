/* Name the file that was chosen in the field that was clicked. */

export function start(root: HTMLElement): void {
  for (const field of root.querySelectorAll<HTMLInputElement>(".file-field input")) {
    const name = field.parentElement?.querySelector("[data-file-name]");
    const before = name?.textContent ?? "";
    const show = (): void => { if (name) name.textContent = field.files?.[0]?.name ?? before; };
    field.addEventListener("change", show);
    show(); // a page that is shown again keeps its file
  }
}
