import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import * as options from "bpmn-js/lib/features/replace/ReplaceOptions";
import { zh } from "../src/studio/dictionary";
import { roleNamed } from "../src/studio/properties";
import { missing, translate } from "../src/studio/words";

const LITERAL = /translate\(\s*'([^']+)'\s*[,)]/gu;

function* texts(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && entry.name.endsWith(".js")) yield readFileSync(`${entry.parentPath}/${entry.name}`, "utf8");
  }
}

test("every word that the drawing board says has its Chinese", () => {
  const said = ["node_modules/bpmn-js/lib/features", "node_modules/diagram-js/lib"].flatMap((folder) =>
    [...texts(folder)].flatMap((text) => [...text.matchAll(LITERAL)].map((found) => found[1] ?? "")));
  assert.ok(said.length > 40);
  assert.deepEqual(said.filter((word) => !(word in zh)), []);
});

test("every kind that an element can be changed into has its Chinese", () => {
  const labels = Object.values(options).flatMap((list) => (Array.isArray(list) ? list : Object.values(list))).flat()
    .map((one: unknown) => (one as { label?: unknown }).label).filter((label) => typeof label === "string");
  assert.ok(labels.length > 50);
  assert.deepEqual(labels.filter((label) => !(label in zh)), []);
});

test("a word without Chinese is kept for whoever mends it", () => {
  assert.equal(translate("Open {element}", { element: "派单" }), "打开“派单”");
  assert.equal(translate("Nobody says this"), "Nobody says this");
  assert.deepEqual([...missing], ["Nobody says this"]);
});

test("a role is chosen where the text names one, and left alone where it is reckoned", () => {
  assert.equal(roleNamed('"expert"'), "expert");
  assert.equal(roleNamed('if level = "major" then "expert" else "coordinator"'), null);
});
