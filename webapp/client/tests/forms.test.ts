import assert from "node:assert/strict";
import { test } from "node:test";
import { asNative } from "../src/forms/dates";
import { type Context, dataOf, type Field, type Value, valueOf } from "../src/forms/values";
import { hiddenParts } from "../src/forms/visibility";

const field = (path: string, kind: string, texts: string[], answer = "text"): Field => ({ path, kind, answer, texts });

test("empty controls are null, false or an empty list, by their kind", () => {
  assert.deepEqual(
    ["text", "number", "choice", "tick", "choices", "files"].map((kind) => valueOf(field("a", kind, [""]))),
    [null, null, null, false, [], []],
  );
});

test("a choice answers with text, a boolean or a number", () => {
  assert.equal(valueOf(field("a", "choice", ["major"])), "major");
  assert.equal(valueOf(field("a", "choice", ["false"], "boolean")), false);
  assert.equal(valueOf(field("a", "choice", ["4"], "number")), 4);
});

test("numbers may be typed full-width and with separators", () => {
  assert.equal(valueOf(field("a", "number", ["６8,400.50"])), 68400.5);
  assert.equal(valueOf(field("a", "number", ["很多"])), null);
});

test("rows keep their order though a number is missing, groups nest, and an empty list is a list", () => {
  const fields = [
    field("hazards.0.place", "text", ["甲"]),
    field("hazards.3.place", "text", ["乙"]),
    field("training.topic", "text", ["动火"]),
  ];
  const { root, rows } = dataOf(fields, ["hazards", "days"], new Set());
  assert.deepEqual(root, { hazards: [{ place: "甲" }, { place: "乙" }], days: [], training: { topic: "动火" } });
  assert.deepEqual(rows.get("hazards.3"), { place: "乙" });
});

const equals = (expression: string, scope: Context): Value => {
  const [name = "", wanted = ""] = expression.split("!=");
  return scope[name] !== wanted;
};

test("what a hidden field holds does not show another one", () => {
  const fields = [field("a", "text", ["no"]), field("b", "text", ["yes"]), field("c", "text", ["x"])];
  const conditions = [
    { id: "b", expression: "a!=yes", row: "", covers: ["b"] },
    { id: "c", expression: "b!=yes", row: "", covers: ["c"] },
  ];
  assert.deepEqual([...hiddenParts(fields, [], conditions, {}, equals)].sort(), ["b", "c"]);
});

test("the browser's picker starts from a typed date and from nothing else", () => {
  assert.equal(asNative("2026-11-23", "date"), "2026-11-23");
  assert.equal(asNative("2026-11-23 09:41", "datetime-local"), "2026-11-23T09:41");
  assert.equal(asNative("11.23", "date"), "");
});
