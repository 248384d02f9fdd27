/*
 * Runs the unit tests of the parts that need no browser, under node's own runner. Node 20 reads no TypeScript, so each
 * test is bundled first. They go below node_modules, which nobody commits.
 */

import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TESTS = dirname(fileURLToPath(import.meta.url));
const BUILT = join(TESTS, "../node_modules/.tests");

const tests = readdirSync(TESTS, { recursive: true }).filter((name) => name.endsWith(".test.ts"));
rmSync(BUILT, { recursive: true, force: true });
await build({
  bundle: true,
  entryPoints: tests.map((name) => join(TESTS, name)),
  format: "esm",
  logLevel: "warning",
  outbase: TESTS,
  outdir: BUILT,
  outExtension: { ".js": ".mjs" },
  platform: "node",
  sourcemap: "inline",
});
const files = tests.map((name) => join(BUILT, name.replace(/\.ts$/, ".mjs")));
process.exitCode = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" }).status ?? 1;
