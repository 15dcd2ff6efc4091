import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, marksOf, placesIn, readAnswer } from "../src/feel/answer";
import { choiceAt, type Word } from "../src/feel/completion";

const word = (name: string, call = ""): Word => ({ name, call, detail: "", info: "" });
const WORDS = [word("保费"), word("年 保费"), word("policy_end"), word("date", "date(文字)"), word("add workdays", "add workdays(日, 天数)"), word("fee.amount")];
const found = (before: string, asked = false): [number, string[]] | null => {
  const choice = choiceAt(before, WORDS, asked);
  return choice && [choice.from, choice.words.map(({ name }) => name)];
};
const ANSWER: Answer = { value: "null", kind: "空", fault: null, warnings: [], unknown: [] };

test("names are completed from the first sign on, Chinese ones and those with spaces as well", () => {
  assert.deepEqual(found("保"), [0, ["保费", "年 保费"]]);
  assert.deepEqual(found("1 + 年 保"), [4, ["年 保费"]]);
  assert.deepEqual(found("if add wo"), [3, ["add workdays"]]);
  assert.deepEqual(found("DAT"), [0, ["date"]]);
  assert.deepEqual(found("3 > fee.a"), [4, ["fee.amount"]]);
  assert.deepEqual(found("x and en"), [6, ["policy_end"]]);
});

test("nothing is offered inside a text, for what nobody knows, or unasked where nothing is typed", () => {
  for (const before of ['"保', 'a = "保', "zzz", "1 + ", ""]) assert.equal(found(before), null);
  assert.equal(found('"保" + 保')?.[0], 6);
  assert.equal(found("1 + ", true)?.[1].length, WORDS.length);
});

test("places are counted in characters by the server and in units of UTF-16 here", () => {
  const at = placesIn("𠮷a保");
  assert.deepEqual([0, 1, 2, 3, 9, -1].map(at), [0, 2, 3, 4, 4, 0]);
});

test("an error is marked in its own field, at its place, and at the last sign where the text ends", () => {
  const fault = (field: string, start: number, length: number): Answer => ({ ...ANSWER, value: null, fault: { field, text: "错", start, length } });
  assert.deepEqual(marksOf(fault("expression", 2, 1), "expression", "保费＞1"), [{ from: 2, to: 3, severity: "error", message: "错", instead: "" }]);
  assert.deepEqual(marksOf(fault("expression", 2, 1), "given", "{}"), []);
  assert.deepEqual(marksOf(fault("given", 2, 0), "given", "{a").map(({ from, to }) => [from, to]), [[1, 2]]);
  assert.deepEqual(marksOf(fault("tested", 0, 0), "tested", "").map(({ from, to }) => [from, to]), [[0, 0]]);
});

test("what is null because a part of it is null is not marked a second time", () => {
  const unknown = [{ start: 0, end: 2, text: "没有", suggestion: "保费" }];
  const warnings = [{ start: 0, end: 6, text: "为空" }, { start: 11, end: 16, text: "除数为零" }];
  const marks = marksOf({ ...ANSWER, unknown, warnings }, "expression", "保废 > 1 and 1 / 0");
  assert.deepEqual(marks.map(({ from, instead }) => [from, instead]), [[0, "保费"], [11, ""]]);
});

test("an answer that is not what was promised is refused", () => {
  assert.deepEqual(readAnswer({ ...ANSWER, value: null }), { ...ANSWER, value: null });
  for (const wrong of [null, {}, { ...ANSWER, warnings: {} }, { ...ANSWER, kind: 1 }, { ...ANSWER, unknown: [{ start: "0" }] }]) {
    assert.throws(() => readAnswer(wrong), TypeError);
  }
});
