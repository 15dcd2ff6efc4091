// bpmn-engine in a process of its own: each line of JSON in takes so many cases through their steps, the line out
// tells the milliseconds of the completions. A case is one file; it is durable when it and its folder are flushed.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [modules, folder, steps] = process.argv.slice(2);
const { Engine } = createRequire(join(modules, 'package.json'))('bpmn-engine');
const ids = Array.from({ length: Number(steps) }, (_, n) => `step_${n + 1}`);
const nodes = ['begin', ...ids, 'finish'];
const flows = nodes.slice(1).map((id, n) => `<sequenceFlow id="flow_${n}" sourceRef="${nodes[n]}" targetRef="${id}"/>`);
const source = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench" id="bench">
  <process id="visit" isExecutable="true">
    <startEvent id="begin"/>${ids.map((id) => `<userTask id="${id}"/>`).join('')}<endEvent id="finish"/>
    ${flows.join('\n    ')}
  </process>
</definitions>`;

function flush(path, flags, text) {
  const file = openSync(path, flags);
  if (text !== undefined) {
    writeSync(file, text);
  }
  fsyncSync(file);
  closeSync(file);
}

function keep(path, state) {
  flush(`${path}.new`, 'w', JSON.stringify(state));
  renameSync(`${path}.new`, path);
  flush(folder, 'r');
}

async function begin(path) {
  const engine = new Engine({ name: 'visit', source });
  await engine.execute();
  keep(path, await engine.getState());
  await engine.stop();
}

async function complete(path) {
  const engine = new Engine({ name: 'visit' }).recover(JSON.parse(readFileSync(path, 'utf8')));
  const execution = await engine.resume();
  const [waiting] = execution.getPostponed().filter(({ type }) => type === 'bpmn:UserTask');
  execution.signal({ id: waiting.id });
  keep(path, await engine.getState());
  if (engine.state === 'running') {
    await engine.stop(); // of one that has ended nothing would answer
  }
  return waiting.id;
}

let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const paths = Array.from({ length: JSON.parse(line).cases }, () => join(folder, `${(count += 1)}.json`));
  for (const path of paths) {
    await begin(path);
  }
  const bytes = statSync(paths[0]).size;
  const before = performance.now();
  let last;
  for (const path of paths) {
    for (let n = 0; n < ids.length; n += 1) {
      last = await complete(path);
    }
  }
  const milliseconds = performance.now() - before;
  process.stdout.write(`${JSON.stringify({ milliseconds, bytes, finished: last === ids.at(-1) })}\n`);
}
