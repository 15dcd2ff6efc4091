/* A page with charts: each is drawn from the table behind it, which stays for keyboard and readers. */
import { drawChart } from "../charts/draw";

export function start(root: HTMLElement): void {
  for (const card of root.querySelectorAll<HTMLElement>("[data-chart]")) {
    const drawing = card.querySelector<HTMLElement>("[data-drawing]");
    const table = card.querySelector<HTMLTableElement>("table");
    if (!drawing || !table || "drawn" in drawing.dataset) continue;
    drawing.dataset["drawn"] = "";
    drawing.hidden = false;
    drawChart(drawing, card.dataset["chart"] ?? "", table, card.dataset["word"] ?? "", Number(card.dataset["series"] ?? 0));
    const shown = card.querySelector<HTMLDetailsElement>(".chart-table");
    if (shown) shown.open = false;
  }
}
