// feelin in a process of its own: each line of JSON in is a batch, each line out its milliseconds.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { evaluate } = await import(pathToFileURL(process.argv[2]).href);

for await (const line of createInterface({ input: process.stdin })) {
  const { expression, scopes } = JSON.parse(line);
  const before = performance.now();
  let last;
  for (const scope of scopes) {
    last = evaluate(expression, scope).value;
  }
  const milliseconds = performance.now() - before;
  process.stdout.write(`${JSON.stringify({ milliseconds, last })}\n`);
}
