import assert from "node:assert/strict";
import { test } from "node:test";
import { asObject, asText } from "../src/shell/http";

test("readers pass what they promise and refuse the rest", () => {
  assert.deepEqual(asObject({ saved_at: "09:41" }), { saved_at: "09:41" });
  assert.equal(asText("09:41"), "09:41");
  for (const wrong of [null, "text", 1, undefined]) assert.throws(() => asObject(wrong), TypeError);
  for (const wrong of [null, {}, 1, undefined]) assert.throws(() => asText(wrong), TypeError);
});
