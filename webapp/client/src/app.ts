/* The shell of every page: keys, search, toasts, htmx; then the page's own script, found by data-page. */
import "htmx.org";
import { pages } from "virtual:pages";
import { startForms } from "./shell/forms";
import { startKeys } from "./shell/keys";
import { startPalette } from "./shell/palette";
import { startToasts } from "./shell/toasts";

function start(root: HTMLElement): void {
  void startForms(root);
  const load = pages[document.body.dataset["page"] ?? ""];
  if (load) void load().then((page) => { page.start(root); });
}

startKeys();
startPalette();
startToasts();
start(document.body);
document.addEventListener("htmx:after:swap", () => { start(document.body); });
