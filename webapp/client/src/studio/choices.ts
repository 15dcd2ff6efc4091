/* What the server offers the panel: roles, forms, deadlines, operations, articles, names for expressions. */
import type { Word } from "../feel/completion";
import { asObject, asText } from "../shell/http";

export interface Choice { readonly code: string; readonly title: string }
export interface Operation extends Choice { readonly inputs: readonly string[] }
export interface Choices {
  readonly roles: readonly Choice[];
  readonly forms: readonly Choice[];
  readonly deadlines: readonly Choice[];
  readonly decisions: readonly Choice[];
  readonly processes: readonly Choice[];
  readonly articles: readonly Choice[];
  readonly operations: readonly Operation[];
  readonly words: readonly Word[];
}

export function readChoices(value: unknown): Choices {
  const answer = asObject(value);
  const list = (name: string): readonly Choice[] => all(answer[name]).map(choice);
  return {
    roles: list("roles"), forms: list("forms"), deadlines: list("deadlines"), decisions: list("decisions"),
    processes: list("processes"), articles: list("articles"),
    operations: all(answer["operations"]).map((one) => ({ ...choice(one), inputs: all(asObject(one)["inputs"]).map(asText) })),
    words: all(answer["words"]).map(word),
  };
}

export function all(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("the answer is not a list");
  return value;
}

function choice(value: unknown): Choice {
  const one = asObject(value);
  return { code: asText(one["code"]), title: asText(one["title"]) };
}

function word(value: unknown): Word {
  const one = asObject(value);
  return { name: asText(one["name"]), call: asText(one["call"]), detail: asText(one["detail"]), info: asText(one["info"]) };
}
