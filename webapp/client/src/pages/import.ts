/* Watch an import that the worker carries out, then show its page anew. */

import { asObject, getJson } from "../shell/http";

const PAUSE = 800;

interface Progress {
  ended: boolean;
  done: number;
  total: number;
}

export function start(root: HTMLElement): void {
  const box = root.querySelector<HTMLElement>("[data-progress]");
  const url = box?.dataset["progress"];
  if (!box || !url) return;
  const look = async (): Promise<void> => {
    const progress = await getJson(url, asProgress).catch(() => null);
    if (progress?.ended) {
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
