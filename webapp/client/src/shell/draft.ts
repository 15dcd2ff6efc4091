/* Keep what is typed on the server: some seconds after the form says that it changed, and when the page is left.
   A form whose server is away is not sent: the page, and what was typed in it, stays. */
import { asObject, asText, isReachable, postForm } from "./http";
import { showError } from "./toasts";

const PAUSE = 3_000;
const LONGEST = 10_000; // typed on without a pause
const OURS = new Set(["key", "version", "csrf_token", "_full"]);

export function startDraft(root: HTMLElement): (() => void) | null {
  const form = root.querySelector<HTMLFormElement>("form[data-draft]");
  if (!form) return null;
  const state = form.querySelector<HTMLElement>("[data-draft-state]");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dirty = false;
  let since = 0;
  let asking = false;
  let reached = false;

  const save = async (leaving = false): Promise<void> => {
    clearTimeout(timer);
    if (!dirty) return;
    dirty = false;
    try {
      const at = await postForm(form.dataset["draft"] ?? "", typed(form), (body) => asText(asObject(body)["saved_at"]), leaving);
      say(state, `草稿已保存 ${at}`);
    } catch {
      dirty = true;
      say(state, "没存上，内容还在这一页里，联网后会再存");
    }
  };
  const changed = (): void => {
    if (!dirty) since = Date.now();
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(() => { void save(); }, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  };
  const leave = (): void => { if (document.visibilityState === "hidden") void save(true); };
  const submitted = (event: SubmitEvent): void => {
    if (event.defaultPrevented) return;
    if (reached) {
      dirty = false;
      clearTimeout(timer);
      return;
    }
    event.preventDefault();
    if (!asking) void sendIfReachable(event.submitter);
  };
  const sendIfReachable = async (submitter: HTMLElement | null): Promise<void> => {
    asking = true;
    reached = await isReachable();
    asking = false;
    if (reached) form.requestSubmit(submitter);
    else {
      showError("连不上服务器，还没有提交。填的内容还在这一页里，连上以后再提交。");
      changed();
    }
    reached = false;
  };

  form.addEventListener("form:draft", changed);
  form.addEventListener("submit", submitted);
  document.addEventListener("visibilitychange", leave);
  if (isTouched(form)) changed();
  return () => {
    void save(true);
    document.removeEventListener("visibilitychange", leave);
  };
}

/** Whether somebody typed before this script had come, or the browser filled in again what was typed. */
function isTouched(form: HTMLFormElement): boolean {
  return [...form.elements].some((part) => {
    if (part instanceof HTMLSelectElement) return part.selectedIndex !== Math.max(0, [...part.options].findIndex((one) => one.defaultSelected));
    if (part instanceof HTMLTextAreaElement) return part.value !== part.defaultValue;
    if (!(part instanceof HTMLInputElement)) return false;
    return ["checkbox", "radio"].includes(part.type) ? part.checked !== part.defaultChecked : part.value !== part.defaultValue;
  });
}

/** What was typed, without files (they were sent when they were chosen) and without this submission's key. */
function typed(form: HTMLFormElement): FormData {
  const all = new FormData(form);
  const kept = new FormData();
  for (const [name, value] of all) {
    if (typeof value === "string" && !OURS.has(name)) kept.append(name, value);
  }
  return kept;
}

function say(state: HTMLElement | null, words: string): void {
  if (state) state.textContent = words;
}
