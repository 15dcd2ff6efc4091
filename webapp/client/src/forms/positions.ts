/** A button that takes the position of the device; typing it stays possible. */
import { words } from "./words";

/** Add the button to every position field below `part`. */
export function startPositions(part: HTMLElement, changed: () => void): void {
  if (!("geolocation" in navigator)) return;
  for (const field of part.querySelectorAll<HTMLElement>("[data-position]:not([data-started])")) {
    const input = field.querySelector("input");
    if (input === null) continue;
    field.dataset["started"] = "";
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button", textContent: words.takePosition });
    const state = document.createElement("span");
    state.setAttribute("role", "status");
    field.append(button, state);
    button.addEventListener("click", () => {
      state.textContent = words.waiting;
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        input.value = [coords.latitude.toFixed(6), coords.longitude.toFixed(6), coords.accuracy.toFixed(1)].join(",");
        state.textContent = words.positionTaken(coords.accuracy);
        changed();
      }, () => { state.textContent = words.positionFailed; }, { enableHighAccuracy: true, timeout: 20_000 });
    });
  }
}
