/** Turn what stands in controls into the values that conditions see; the same rules as on the server. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Context = { [key: string]: Value };

export interface Field {
  /** `hazards.0.place` */
  readonly path: string;
  readonly kind: string;
  /** Of a choice: text, boolean or number. */
  readonly answer: string;
  /** What the controls of the field hold: ticked, chosen or typed texts. */
  readonly texts: readonly string[];
}

/** The value of one field; empty is null, false or an empty list. */
export function valueOf(field: Field): Value {
  const texts = field.texts.filter((text) => text !== "");
  const last = texts.at(-1);
  switch (field.kind) {
    case "tick":
      return last !== undefined;
    case "choices":
    case "files":
      return texts;
    case "number":
      return last === undefined ? null : numberOf(last);
    case "choice":
      return last === undefined ? null : chosen(last, field.answer);
    default:
      return last === undefined || last.trim() === "" ? null : last.trim();
  }
}

function chosen(code: string, answer: string): Value {
  if (answer === "boolean") return code === "true";
  return answer === "number" ? numberOf(code) : code;
}

function numberOf(text: string): number | null {
  const plain = text.normalize("NFKC").replaceAll(",", "").trim();
  return /^[+-]?\d+(\.\d*)?$/.test(plain) ? Number(plain) : null;
}

export interface Data {
  readonly root: Context;
  /** Rows by their place, `hazards.3` → the row that `this` means there. */
  readonly rows: ReadonlyMap<string, Context>;
}

/** The nested answers of a form. `lists` names every list, so that one without rows is empty and not null. */
export function dataOf(fields: readonly Field[], lists: readonly string[], hidden: ReadonlySet<string>): Data {
  const root: Context = {};
  const rows = new Map<string, Context>();
  for (const list of lists) root[list] = [];
  for (const field of fields) {
    const level = levelOf(root, rows, field.path.split("."));
    level[field.path.split(".").at(-1) ?? ""] = hidden.has(field.path) ? null : valueOf(field);
  }
  return { root, rows };
}

function levelOf(root: Context, rows: Map<string, Context>, path: readonly string[]): Context {
  const [first = "", second = ""] = path;
  if (path.length === 1) return root;
  if (!/^\d+$/.test(second)) {
    const group = root[first];
    if (isContext(group)) return group;
    const created: Context = {};
    root[first] = created;
    return created;
  }
  const place = `${first}.${second}`;
  const known = rows.get(place);
  if (known !== undefined) return known;
  const row: Context = {};
  rows.set(place, row);
  const list = root[first];
  if (Array.isArray(list)) list.push(row);
  else root[first] = [row];
  return row;
}

function isContext(value: Value | undefined): value is Context {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
