/* Watch an import that the worker carries out, then show its page anew. */

import { asObject, getJson } from "../shell/http";

const PAUSE = 800;
const MOST_FAILURES = 10; // then the page itself says what is wrong, for example that the sign-in has ended

interface Progress {
  ended: boolean;
  done: number;
  total: number;
}

export function start(root: HTMLElement): void {
  const box = root.querySelector<HTMLElement>("[data-progress]");
  const url = box?.dataset["progress"];
  if (!box || !url) return;
  let failures = 0;
  const look = async (): Promise<void> => {
    const progress = await getJson(url, asProgress).catch(() => null);
    failures = progress ? 0 : failures + 1;
    if (progress?.ended || failures === MOST_FAILURES) {
      window.location.reload();
      return;
    }
    if (progress && progress.total > 0) show(box, progress);
    window.setTimeout(() => { void look(); }, PAUSE);
  };
  void look();
}

function show(box: HTMLElement, progress: Progress): void {
  const bar = box.querySelector("progress");
  if (bar) bar.value = (100 * progress.done) / progress.total;
  const text = box.querySelector("[data-progress-text]");
  const words = new Intl.NumberFormat("zh-CN");
  if (text) text.textContent = `${words.format(progress.done)} / ${words.format(progress.total)} 行`;
}

function asProgress(value: unknown): Progress {
  const { ended, done, total } = asObject(value);
  if (typeof ended !== "boolean" || typeof done !== "number" || typeof total !== "number") {
    throw new TypeError("the answer is no progress");
  }
  return { ended, done, total };
}
