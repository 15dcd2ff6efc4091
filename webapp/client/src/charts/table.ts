/* The table behind a chart as numbers: its rows, its columns, each figure in words, where each leads. */
export interface Point { readonly value: number | null; readonly text: string; readonly href: string | null }
export interface Series { readonly title: string; readonly points: readonly Point[] }
export interface Table { readonly names: readonly string[]; readonly series: readonly Series[] }

function read(cell: HTMLTableCellElement): Point {
  const raw = cell.dataset["value"] ?? "";
  return {
    value: raw === "" ? null : Number(raw),
    text: (cell.textContent ?? "").trim(),
    href: cell.querySelector("a")?.getAttribute("href") ?? null,
  };
}

/** Read a table whose figures carry `data-value`; `most` > 0 takes so many columns alone. */
export function readTable(table: HTMLTableElement, most = 0): Table {
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  const cells = rows.map((row) => [...row.cells].filter((cell) => "value" in cell.dataset));
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].filter((cell) => cell.classList.contains("figure"));
  const shown = most > 0 ? heads.slice(0, most) : heads;
  return {
    names: rows.map((row) => (row.cells[0]?.textContent ?? "").trim()),
    series: shown.map((head, at) => ({
      title: (head.textContent ?? "").trim(),
      points: cells.map((row) => { const cell = row[at]; return cell ? read(cell) : { value: null, text: "", href: null }; }),
    })),
  };
}
