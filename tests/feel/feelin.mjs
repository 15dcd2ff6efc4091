// feelin for the differential test: a batch of expressions in, their values out, as plain JSON.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { evaluate, unaryTest } = await import(pathToFileURL(process.argv[2]).href);
const { scope, expressions } = JSON.parse(readFileSync(0, 'utf8'));

function plain(value, depth = 0) {
  if (value === null || value === undefined || depth > 20) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $: String(value) };
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (typeof value === 'function' || value.constructor?.name === 'FunctionWrapper') return { $: 'function' };
  if (typeof value.toISO === 'function') return { $: 'moment' };
  if (value.constructor?.name === 'Range') return { $: 'range' };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, depth + 1)]));
}

const answers = expressions.map(({ text, input, names }) => {
  try {
    const known = { ...scope, ...names };
    const given = input === undefined ? evaluate(text, known) : unaryTest(text, { ...known, '?': input });
    return { value: plain(given.value) };
  } catch (error) {
    return { error: String(error.message ?? error).slice(0, 200) };
  }
});
process.stdout.write(JSON.stringify(answers));
