/* Forms of steps bring a script of their own; it is loaded only where such a form stands. */

export async function startForms(root: HTMLElement): Promise<void> {
  if (!root.querySelector("form[data-form]")) return;
  const module = await import("../forms/form");
  module.startForms(root);
}
