import assert from "node:assert/strict";
import test from "node:test";
import { type Frame, framesIn, marksAt } from "../src/diagram/replay";

const FRAMES: readonly Frame[] = [
  { at: "9月1日 08:00", text: "派单", element: "a", passed: ["start", "f1"] },
  { at: "9月1日 09:00", text: "接单", element: "b", passed: ["f2"] },
  { at: "9月1日 10:00", text: "退回", element: "a", passed: ["f3"] },
];

test("after so many events all before is done and the last is where the case stands", () => {
  assert.deepEqual([...marksAt(FRAMES, 0).now], []);
  assert.deepEqual([...marksAt(FRAMES, 2).now], ["b"]);
  assert.deepEqual([...marksAt(FRAMES, 2).done].sort(), ["a", "f1", "f2", "start"]);
  assert.deepEqual([...marksAt(FRAMES, 3).now], ["a"]);
  assert.ok(!marksAt(FRAMES, 3).done.has("a"), "what is open again is not done");
});

test("what is no frame does not pass", () => {
  assert.deepEqual(framesIn(FRAMES), FRAMES);
  assert.deepEqual(framesIn([null, {}, { ...FRAMES[0], passed: [1] }, { ...FRAMES[0], at: 3 }]), []);
  assert.deepEqual(framesIn({ error: "x" }), []);
});
