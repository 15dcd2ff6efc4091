/* Bundle scripts and styles into webapp/static/dist, with a manifest (name → hashed file), the icon
   sprite and the licences of what was bundled. `--tests` bundles tests/*.test.ts for node --test. */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, "../..");
const DIST = path.join(ROOT, "webapp/static/dist");
const LICENCES = new Set(["0BSD", "BSD-0-Clause", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"]);
/* Packages that name their licence in a file: read by a person. bpmn.io's is MIT with a duty to show its mark. */
const READ_BY_HAND = new Map([
  ["bpmn-js", "bpmn.io licence: MIT, and the bpmn.io mark stays visible"],
]);

/* What the FEEL editor would bring along in English and we have in Chinese: its lint, its words on functions. */
const REPLACED = {
  "@bpmn-io/feel-lint": "./src/feel/without-lint.ts",
  "@camunda/feel-builtins": "./src/feel/without-builtins.ts",
};

/** The names of a folder's files with this ending, without the ending, sorted. */
async function names(folder, ending) {
  const found = await readdir(path.join(HERE, folder)).catch(() => []);
  return found.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)).sort();
}

/** All files below a folder of the repository with this ending. */
async function walk(folder, ending) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const lists = await Promise.all(entries.map((entry) => {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist"].includes(entry.name) ? [] : walk(at, ending);
    return entry.name.endsWith(ending) ? [at] : [];
  }));
  return lists.flat();
}

/** `virtual:app.css`: base and shell first, then each block, print last. */
async function styleSheet() {
  const blocks = (await names("styles", ".css")).filter((name) => !["base", "shell", "print"].includes(name));
  return ["base", "shell", ...blocks, "print"].map((name) => `@import "./${name}.css";`).join("\n");
}

/** `virtual:pages`: one lazy import per file of src/pages, named as `data-page` names it. */
async function pageTable() {
  const rows = (await names("src/pages", ".ts")).map((name) => `"${name}": () => import("./pages/${name}"),`);
  return `export const pages = {\n${rows.join("\n")}\n};`;
}

/** The dark tokens once more for people who leave the choice to their system. */
function withSystemTheme(css) {
  const dark = css.match(/\[data-theme="dark"\] \{([\s\S]*?)\n\}/);
  if (!dark) throw new Error("base.css: the block [data-theme=\"dark\"] is missing");
  return `${css}\n@media (prefers-color-scheme: dark) {\n[data-theme="auto"] {${dark[1]}\n}\n}\n`;
}

const ours = {
  name: "ours",
  setup(builder) {
    builder.onResolve({ filter: /^virtual:/ }, (found) => ({ path: found.path, namespace: "ours" }));
    builder.onLoad({ filter: /^virtual:app\.css$/, namespace: "ours" }, async () => (
      { contents: await styleSheet(), loader: "css", resolveDir: path.join(HERE, "styles") }));
    builder.onLoad({ filter: /^virtual:pages$/, namespace: "ours" }, async () => (
      { contents: await pageTable(), loader: "ts", resolveDir: path.join(HERE, "src") }));
    builder.onLoad({ filter: /styles[\\/]base\.css$/ }, async (found) => (
      { contents: withSystemTheme(await readFile(found.path, "utf8")), loader: "css" }));
  },
};

/** Icon names written as icon("name") in the templates of pages, and those of icons.txt, which code chooses. */
async function iconNames() {
  const texts = await Promise.all((await walk(path.join(ROOT, "webapp"), ".html")).map((file) => readFile(file, "utf8")));
  const written = texts.flatMap((text) => [...text.matchAll(/\bicon\(\s*["']([a-z0-9-]+)["']/g)].map((m) => m[1]));
  const listed = (await readFile(path.join(HERE, "icons.txt"), "utf8")).split(/\s+/).filter(Boolean);
  return [...new Set([...written, ...listed])].sort();
}

/** One SVG file with a symbol for each icon. */
async function sprite() {
  const symbols = await Promise.all((await iconNames()).map(async (name) => {
    const file = path.join(HERE, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);
    const svg = await readFile(file, "utf8").catch(() => { throw new Error(`No Tabler icon is called "${name}".`); });
    const drawing = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>")).replace(/<path stroke="none"[^>]*>/, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
  }));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** Who made what is bundled, under which licence; an unknown licence stops the build. */
async function licences() {
  const lock = JSON.parse(await readFile(path.join(HERE, "package-lock.json"), "utf8"));
  const lines = [];
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (!place || entry.dev || entry.optional) continue;
    const name = place.replace(/^.*node_modules\//, "");
    const own = JSON.parse(await readFile(path.join(HERE, place, "package.json"), "utf8"));
    const licence = READ_BY_HAND.get(name) ?? own.license;
    if (!READ_BY_HAND.has(name) && !LICENCES.has(licence)) throw new Error(`${name}: licence "${licence}" is not known here.`);
    lines.push(`${name} ${entry.version}\n${licence}\n${await licenceText(place)}`);
  }
  return lines.join(`\n${"-".repeat(78)}\n`);
}

async function licenceText(place) {
  const files = await readdir(path.join(HERE, place));
  const file = files.find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file ? (await readFile(path.join(HERE, place, file), "utf8")).trim() : "";
}

/** Write text under a name that holds its hash; give the name. */
async function writeHashed(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  const file = name.replace(/(\.\w+)$/, `-${hash}$1`);
  await writeFile(path.join(DIST, file), text);
  return file;
}

async function bundle() {
  const sheets = await names("styles/pages", ".css");
  const result = await build({
    absWorkingDir: HERE,
    entryPoints: [
      { in: "src/app.ts", out: "app" },
      { in: "virtual:app.css", out: "app" },
      ...sheets.map((name) => ({ in: `styles/pages/${name}.css`, out: name })),
    ],
    outdir: DIST,
    bundle: true, splitting: true, format: "esm", minify: true, metafile: true, sourcemap: false,
    target: ["chrome105", "firefox110", "safari16"],
    entryNames: "[name]-[hash]", chunkNames: "chunk-[name]-[hash]", assetNames: "[name]-[hash]",
    loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".svg": "file", ".eot": "empty" },
    legalComments: "none", logLevel: "warning", alias: REPLACED,
    plugins: [ours],
  });
  const manifest = {};
  for (const [file, output] of Object.entries(result.metafile.outputs)) {
    if (!output.entryPoint) continue;
    const name = path.basename(file);
    if (!name.startsWith("chunk-")) manifest[name.replace(/-[A-Z0-9]{8}(?=\.)/, "")] = name;
  }
  manifest["icons.svg"] = await writeHashed("icons.svg", await sprite());
  return manifest;
}

async function buildAll() {
  const text = await licences();
  await rm(DIST, { recursive: true, force: true });
  await mkdir(DIST, { recursive: true });
  const manifest = await bundle();
  await writeFile(path.join(DIST, "licences.txt"), text);
  await writeFile(path.join(DIST, "manifest.tmp"), `${JSON.stringify(manifest, null, 1)}\n`);
  await rename(path.join(DIST, "manifest.tmp"), path.join(DIST, "manifest.json"));
}

async function buildTests() {
  const tests = (await walk(path.join(HERE, "tests"), ".test.ts"));
  await rm(path.join(HERE, "tests/.built"), { recursive: true, force: true });
  await build({
    absWorkingDir: HERE, entryPoints: tests, outdir: path.join(HERE, "tests/.built"),
    bundle: true, format: "esm", platform: "node", outExtension: { ".js": ".mjs" }, logLevel: "warning", plugins: [ours],
  });
}

await (process.argv.includes("--tests") ? buildTests() : buildAll());
