/*
 * Bundles the scripts and stylesheets of deck and pages into lecture/outputs/runtime, and writes there what belongs
 * beside them: the licences of the libraries that are inside, and manifest.json with the SHA-256 of every source and
 * every output. A test without node compares these hashes, so that nobody forgets to build; CI builds again and
 * compares bytes.
 *
 * To add a bundle: one line in BUNDLES. Its source may import anything below site/ and any dependency in package.json.
 *
 *     node build.mjs [FOLDER]      write to FOLDER instead of lecture/outputs/runtime
 */

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { withoutSwitchedOff } from "./reveal_css.mjs";

const BUNDLES = {
  "deck.js": "src/deck/deck.ts",
  "deck.css": "src/deck/deck.css",
  "lecture.css": "src/read/lecture.css",
  "read.js": "src/read/read.ts",
  "live.js": "src/live/live.ts",
  "live.css": "src/live/live.css",
  "stepper.js": "src/stepper/stepper.ts",
  "notebook.js": "src/stepper/notebook.ts",
  "play.js": "src/play/play.ts",
  "play.css": "src/play/play.css",
  "exercises.js": "src/play/exercises.ts",
  "editor.js": "src/play/editor.ts",
};

const SITE = dirname(fileURLToPath(import.meta.url));
const RUNTIME = resolve(process.argv[2] ?? join(SITE, "../lecture/outputs/runtime"));

// What a bundle is made from. Python's tests read the same list in manifest.json: a file that is new in these folders,
// and in no manifest, is a forgotten build too.
const SOURCES = ["build.mjs", "css", "package-lock.json", "package.json", "reveal_css.mjs", "src", "tsconfig.json"];

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

function filesBelow(path) {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => filesBelow(join(path, entry.name)));
  } catch (error) {
    if (error.code === "ENOTDIR") return [path];
    throw error;
  }
}

/** The name of the package that this input of esbuild belongs to, if any. */
function packageOf(input) {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
}

function licences(packages) {
  const texts = packages.map((name) => {
    const { version, license } = JSON.parse(readFileSync(join(SITE, "node_modules", name, "package.json"), "utf8"));
    const text = readFileSync(join(SITE, "node_modules", name, "LICENSE"), "utf8").trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return ["The scripts and stylesheets beside this file contain these libraries.\n", ...texts].join("\n\n");
}

/** `import text from "worker:./worker.ts"`: the script of a worker as text, since from disk it has to be made from a Blob. */
const workers = {
  name: "workers",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^worker:/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.slice(7)), namespace: "worker" }));
    onLoad({ filter: /./, namespace: "worker" }, async ({ path }) => {
      const { content } = await bundle("worker.js", path);
      return { contents: Buffer.from(content).toString(), loader: "text" };
    });
  },
};

const reveal = {
  name: "reveal.css",
  setup({ onLoad }) {
    onLoad({ filter: /reveal\.js\/dist\/reveal\.css$/ }, ({ path }) => ({ contents: withoutSwitchedOff(readFileSync(path, "utf8")), loader: "css" }));
  },
};

async function bundle(output, source) {
  const made = await build({
    absWorkingDir: SITE,
    bundle: true,
    charset: "utf8",
    entryPoints: [source],
    external: ["*.woff", "*.woff2"],
    format: output.endsWith(".js") ? "iife" : undefined,
    legalComments: "none",
    loader: output.endsWith(".js") ? { ".css": "text" } : {}, // a script that is loaded later brings its own look
    logLevel: "warning",
    metafile: true,
    minify: true,
    outfile: output,
    plugins: [workers, reveal],
    target: ["chrome120", "firefox121", "safari17.4"],
    write: false,
  });
  return { content: made.outputFiles[0].contents, inputs: Object.keys(made.metafile.inputs) };
}

const outputs = {};
const packages = new Set();
for (const [output, source] of Object.entries(BUNDLES)) {
  const { content, inputs } = await bundle(output, source);
  outputs[output] = content;
  for (const input of inputs) if (packageOf(input)) packages.add(packageOf(input));
}
outputs["licences.txt"] = licences([...packages].sort());

const sources = SOURCES.flatMap((name) => filesBelow(join(SITE, name))).sort();
const manifest = {
  roots: SOURCES,
  sources: Object.fromEntries(sources.map((path) => [relative(SITE, path), sha256(readFileSync(path))])),
  outputs: Object.fromEntries(Object.keys(outputs).sort().map((name) => [name, sha256(outputs[name])])),
};
outputs["manifest.json"] = `${JSON.stringify(manifest, null, 2)}\n`;

rmSync(RUNTIME, { recursive: true, force: true });
mkdirSync(RUNTIME, { recursive: true });
for (const [name, content] of Object.entries(outputs)) writeFileSync(join(RUNTIME, name), content);
