/** Bring a task form to life. Everything here improves a form that also works without it. */
import { watchConditions } from "./conditions";
import { startDates } from "./dates";
import { watchDrafts } from "./drafts";
import { startFiles } from "./files";
import { startFilters } from "./filters";
import { watchMending } from "./mending";
import { startPositions } from "./positions";
import { watchRows } from "./rows";
import { startSignatures } from "./signatures";

/** Start every `form[data-form]` below `root` that has not been started yet. */
export function startForms(root: ParentNode = document): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-form]:not([data-form-started])")) {
    form.dataset["formStarted"] = "";
    void start(form);
  }
}

async function start(form: HTMLFormElement): Promise<void> {
  const errors = form.querySelector<HTMLElement>("[data-form-errors]");
  errors?.focus();
  const draft = watchDrafts(form);
  let look = (): void => undefined;
  const changed = (): void => {
    look();
    draft();
  };
  const prepare = (part: HTMLElement): void => {
    startDates(part, changed);
    startFiles(part, changed);
    startPositions(part, changed);
    startFilters(part);
    void startSignatures(part, changed);
  };
  prepare(form);
  watchRows(form, prepare, changed);
  watchMending(form);
  waitForUploads(form);
  look = await watchConditions(form);
  form.dataset["formReady"] = "";
}

/** A form sent while a photo or signature is still on its way goes as soon as that has arrived. */
function waitForUploads(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    if (form.querySelector("[data-busy]") === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const waiting = window.setInterval(() => {
      if (form.querySelector("[data-busy]") !== null) return;
      window.clearInterval(waiting);
      form.requestSubmit(event.submitter);
    }, 100);
  }, { capture: true });
}
