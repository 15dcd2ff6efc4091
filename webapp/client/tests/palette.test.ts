import assert from "node:assert/strict";
import { test } from "node:test";
import { matching } from "../src/shell/palette";

const choices = ["待办", "办件", "我的账号：林若衡", "Help"].map((title) => ({ title }));

test("nothing typed shows everything in its order", () => {
  assert.deepEqual(matching(choices, " "), choices);
});

test("every typed word must be in the title, whatever its case", () => {
  assert.deepEqual(matching(choices, "help").map((choice) => choice.title), ["Help"]);
  assert.deepEqual(matching(choices, "账号 林").map((choice) => choice.title), ["我的账号：林若衡"]);
  assert.deepEqual(matching(choices, "账号 陈"), []);
});

test("no more than twelve are shown", () => {
  const many = Array.from({ length: 40 }, (_, n) => ({ title: `单位 ${n}` }));
  assert.equal(matching(many, "单位").length, 12);
});
