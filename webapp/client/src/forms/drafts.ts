/** Tell the page when a pause in typing makes a draft worth keeping; where it goes is the page's matter. */
const PAUSE = 500;

export interface Draft {
  readonly values: readonly (readonly [name: string, value: string])[];
}

/** Dispatch `form:draft` on the form after each pause; returns a function for changes made by script. */
export function watchDrafts(form: HTMLFormElement): () => void {
  let pending: number | undefined;
  const later = (): void => {
    window.clearTimeout(pending);
    pending = window.setTimeout(() => {
      form.dispatchEvent(new CustomEvent<Draft>("form:draft", { bubbles: true, detail: { values: valuesOf(form) } }));
    }, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  return later;
}

/** What the form would post, files excepted. */
export function valuesOf(form: HTMLFormElement): [string, string][] {
  const values: [string, string][] = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !name.startsWith("_") && name !== "csrf_token") values.push([name, value]);
  }
  return values;
}
