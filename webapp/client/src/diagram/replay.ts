/* A case once more: its events one by one in the drawing, by a slider, by the arrow keys, or running by itself. */
import type { Marks } from "./case-view";

const PACE = 900;

export interface Frame { readonly at: string; readonly text: string; readonly element: string; readonly passed: readonly string[] }

/** Pure: what is painted after so many events. */
export function marksAt(frames: readonly Frame[], count: number): Marks {
  const done = new Set<string>();
  for (const frame of frames.slice(0, count)) for (const id of [...frame.passed, frame.element]) done.add(id);
  const last = frames[count - 1]?.element;
  if (last !== undefined) done.delete(last);
  return { done, now: new Set(last === undefined ? [] : [last]) };
}

/** Pure: the frames of an answer; nothing that is not one passes. */
export function framesIn(answer: unknown): readonly Frame[] {
  const isText = (value: unknown): value is string => typeof value === "string";
  return Array.isArray(answer) ? answer.filter((one: Partial<Frame> | null): one is Frame =>
    one !== null && isText(one.at) && isText(one.text) && isText(one.element) && Array.isArray(one.passed) && one.passed.every(isText)) : [];
}

/** Let a button open the panel; what the panel shows is painted by `mark`, null for the present again. */
export function offerReplay(button: HTMLElement, panel: HTMLElement, mark: (marks: Marks | null) => void): void {
  const slider = panel.querySelector<HTMLInputElement>("[data-replay-slider]");
  const said = panel.querySelector<HTMLElement>("[data-replay-said]");
  const play = panel.querySelector<HTMLButtonElement>("[data-replay-play]");
  if (!slider || !said || !play) return;
  let frames: readonly Frame[] = [];
  let clock = 0;
  const stop = (): void => { window.clearInterval(clock); clock = 0; play.setAttribute("aria-pressed", "false"); };
  const show = (count: number): void => {
    slider.value = String(count);
    mark(marksAt(frames, count));
    const frame = frames[count - 1];
    said.textContent = frame ? `${frame.at}  ${frame.text}` : "";
    slider.setAttribute("aria-valuetext", said.textContent);
  };
  const go = (): void => {
    if (Number(slider.value) >= frames.length) show(0);
    play.setAttribute("aria-pressed", "true");
    clock = window.setInterval(() => {
      show(Number(slider.value) + 1);
      if (Number(slider.value) >= frames.length) stop();
    }, PACE);
  };
  button.addEventListener("click", () => {
    void fetch(button.dataset["replay"] ?? "", { headers: { "X-Requested-With": "fetch" } })
      .then(async (answer) => { frames = answer.ok ? framesIn(await answer.json()) : []; })
      .then(() => {
        if (frames.length === 0) return;
        slider.max = String(frames.length);
        panel.hidden = false;
        show(1);
        slider.focus();
        if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) go();
      })
      .catch(() => { panel.hidden = true; });
  });
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  play.addEventListener("click", () => { if (clock) stop(); else go(); });
  panel.querySelector("[data-replay-close]")?.addEventListener("click", () => { stop(); panel.hidden = true; mark(null); button.focus(); });
}
