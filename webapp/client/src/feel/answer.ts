/* What the server says of an expression, read with care, and as marks in the editor. */
import { asObject, asText } from "../shell/http";

export interface Remark { readonly start: number; readonly end: number; readonly text: string }
export interface Unknown extends Remark { readonly suggestion: string }
export interface Fault { readonly field: string; readonly text: string; readonly start: number; readonly length: number }
export interface Answer {
  readonly value: string | null;
  readonly kind: string;
  readonly fault: Fault | null;
  readonly warnings: readonly Remark[];
  readonly unknown: readonly Unknown[];
}

export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What would be right instead; empty where nobody can tell. */
  readonly instead: string;
}

export function readAnswer(value: unknown): Answer {
  const answer = asObject(value);
  const fault = answer["fault"];
  return {
    value: answer["value"] === null ? null : asText(answer["value"]),
    kind: asText(answer["kind"]),
    fault: fault === null ? null : readFault(asObject(fault)),
    warnings: asList(answer["warnings"]).map(readRemark),
    unknown: asList(answer["unknown"]).map((one) => ({ ...readRemark(one), suggestion: asText(asObject(one)["suggestion"]) })),
  };
}

/** Pure: the marks of an answer in the text of one field. */
export function marksOf(answer: Answer, field: string, text: string): Mark[] {
  const at = placesIn(text);
  const { fault } = answer;
  if (fault?.field === field) return [markFault(fault, at, text.length)];
  if (field !== "expression") return [];
  return innermost([
    ...answer.unknown.map((one) => mark(one, at, one.suggestion)),
    ...answer.warnings.map((one) => mark(one, at, "")),
  ]);
}

/** A part that is null because a part of it is null needs no line of its own: the cause has one. */
function innermost(marks: readonly Mark[]): Mark[] {
  const inside = (a: Mark, b: Mark): boolean => b.from <= a.from && a.to <= b.to && a.to - a.from < b.to - b.from;
  return marks.filter((one) => !marks.some((other) => inside(other, one)));
}

/** Pure: from places that are counted in characters to places that are counted as JavaScript counts. */
export function placesIn(text: string): (place: number) => number {
  const places = [0];
  for (const character of text) places.push((places.at(-1) ?? 0) + character.length);
  return (place) => places[Math.max(0, Math.min(place, places.length - 1))] ?? 0;
}

function mark(one: Remark, at: (place: number) => number, instead: string): Mark {
  return { from: at(one.start), to: at(one.end), severity: "warning", message: one.text, instead };
}

/** An error at the end of the text has no length: the last character stands for it. */
function markFault(fault: Fault, at: (place: number) => number, whole: number): Mark {
  const from = at(fault.start), to = at(fault.start + fault.length);
  const isAtEnd = from === to && from === whole;
  return { from: isAtEnd ? Math.max(0, from - 1) : from, to, severity: "error", message: fault.text, instead: "" };
}

function readFault(fault: Record<string, unknown>): Fault {
  return { field: asText(fault["field"]), text: asText(fault["text"]), start: asNumber(fault["start"]), length: asNumber(fault["length"]) };
}

function readRemark(value: unknown): Remark {
  const one = asObject(value);
  return { start: asNumber(one["start"]), end: asNumber(one["end"]), text: asText(one["text"]) };
}

function asList(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError("the answer is not a list");
  return value;
}

function asNumber(value: unknown): number {
  if (typeof value !== "number") throw new TypeError("the answer is not a number");
  return value;
}
