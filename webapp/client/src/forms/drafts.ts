/** Tell the page that the form has changed, so that a draft is worth keeping; when it is kept is the page's matter.
 *  Returns a function for changes made by script. */
export function watchDrafts(form: HTMLFormElement): () => void {
  const changed = (): void => { form.dispatchEvent(new CustomEvent("form:draft", { bubbles: true })); };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  return changed;
}
