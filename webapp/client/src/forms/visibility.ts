/** Which parts of a form are hidden: repeat until nothing changes, as forms/visibility.py does. */
import { type Context, dataOf, type Field, type Value } from "./values";

export interface Condition {
  readonly id: string;
  readonly expression: string;
  /** The row in which it stands, `hazards.3`, or "". */
  readonly row: string;
  /** Paths that have no value while this part is hidden. */
  readonly covers: readonly string[];
}

export type Evaluate = (expression: string, scope: Context) => Value;

const PASSES = 20;

/** The ids of the hidden parts. */
export function hiddenParts(
  fields: readonly Field[],
  lists: readonly string[],
  conditions: readonly Condition[],
  facts: Context,
  evaluate: Evaluate,
): Set<string> {
  let hidden = new Set<string>();
  for (let pass = 0; pass < PASSES; pass += 1) {
    const found = onePass(fields, lists, conditions, facts, evaluate, hidden);
    if (same(found, hidden)) break;
    hidden = found;
  }
  return hidden;
}

/** Whether each condition holds, by its id, for the values that are shown. */
export function onePass(
  fields: readonly Field[],
  lists: readonly string[],
  conditions: readonly Condition[],
  facts: Context,
  evaluate: Evaluate,
  hidden: ReadonlySet<string>,
): Set<string> {
  const covered = new Set(conditions.filter((one) => hidden.has(one.id)).flatMap((one) => [...one.covers]));
  const { root, rows } = dataOf(fields, lists, covered);
  const outer: Context = { ...facts, ...root, parent: root };
  const found = new Set<string>();
  for (const condition of conditions) {
    const row = rows.get(condition.row);
    const scope = row === undefined ? outer : { ...outer, this: row };
    if (evaluate(condition.expression, scope) === true) found.add(condition.id);
  }
  return found;
}

function same(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((id) => other.has(id));
}
