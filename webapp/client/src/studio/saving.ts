/* The drawing is kept ten seconds after a change and when one leaves; what could not be kept is never lost silently. */
import { AnswerError, asObject, postForm } from "../shell/http";
import type { Board } from "./board";
import { fileForm } from "./findings";

const EVERY = 10_000;
const STALE = 409;

export interface Keeper { readonly save: () => Promise<void> }

export function startSaving(form: HTMLElement, board: Board): Keeper {
  const { save: url = "", name = "" } = form.dataset;
  const told = form.querySelector<HTMLElement>("[data-saved]"), trouble = form.querySelector<HTMLElement>("[data-stale]");
  let version = form.dataset["version"] ?? "", changes = 0, kept = 0, stopped = false, timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  const say = (text: string): void => { if (told) told.textContent = text; };
  const send = async (keepalive: boolean): Promise<void> => {
    clearTimeout(timer);
    if (stopped || changes === kept) return;
    const until = changes, sent = fileForm(await board.file());
    sent.append("name", name);
    sent.append("version", version);
    try {
      version = await postForm(url, sent, (value) => String(asObject(value)["version"]), keepalive);
      kept = until;
      say(changes === kept ? `已存 ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" })}` : "有改动还没存");
    } catch (error) {
      if (error instanceof AnswerError && error.status === STALE) {
        stopped = true;
        if (trouble) await offerDownload(trouble, board);
      }
      say(error instanceof AnswerError ? `没有存：${error.message}` : "没存上，改动还在这一页里，连上以后会再存");
      if (!stopped) timer = setTimeout(queue, EVERY);
    }
  };
  const queue = (keepalive: unknown = false): void => { running = running.then(() => send(keepalive === true)); };
  board.bus.on("commandStack.changed", () => {
    changes += 1;
    say("有改动还没存");
    clearTimeout(timer);
    timer = setTimeout(queue, EVERY);
  });
  addEventListener("blur", queue);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") queue(true); });
  addEventListener("beforeunload", (event) => { if (changes !== kept) { queue(true); event.preventDefault(); } });
  return { save: async () => { queue(); await running; } };
}

/** Somebody saved meanwhile: what was drawn here can be taken along. */
async function offerDownload(trouble: HTMLElement, board: Board): Promise<void> {
  const link = trouble.querySelector("a");
  if (link) link.href = URL.createObjectURL(new Blob([await board.file()], { type: "application/xml" }));
  trouble.hidden = false;
}
