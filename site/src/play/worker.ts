/*
 * Becomes Python, and runs programs. It is made from a Blob, since a page from disk may not load a worker from a file;
 * Pyodide's own script stands before it there. Nothing is fetched: what Pyodide asks for is answered from memory.
 */

import type { Boot, FromWorker, Heard, ToWorker } from "./messages.ts";

interface Python {
  runPython(source: string): unknown;
  unpackArchive(archive: ArrayBuffer, format: string, options: { extractDir: string }): void;
  makeMemorySnapshot?(): Uint8Array;
  globals: { get(name: string): (request: string, heard: Heard) => string };
}

declare const loadPyodide: (options: object) => Promise<Python>;
declare const _createPyodideModule: unknown;
declare function postMessage(message: FromWorker, transfer?: Transferable[]): void;

const LIBRARY = "/library";
const PREPARE = `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, "${LIBRARY}")
from lecture.programs.simulation.wasm import complete_sockets
complete_sockets()
`;

let python: Python | null = null;

/** Answer Pyodide's requests, by the ends of their addresses. */
function answerFrom(boot: Boot): void {
  const files: Record<string, [Blob, string]> = {
    "pyodide.asm.wasm": [boot.wasm, "application/wasm"],
    "python_stdlib.zip": [boot.standard, "application/zip"],
  };
  self.fetch = (asked) => {
    const name = String(asked instanceof Request ? asked.url : asked).split("/").at(-1)!;
    const found = files[name];
    if (!found) return Promise.reject(new TypeError(`nothing is fetched here, and ${name} isn't there`));
    return Promise.resolve(new Response(found[0], { headers: { "Content-Type": found[1] } }));
  };
  (self as { importScripts?: unknown }).importScripts = () => {}; // Pyodide tries it, to find out where it is
}

async function become(boot: Boot): Promise<Blob | null> {
  answerFrom(boot);
  const options = {
    indexURL: "https://python.invalid/",
    lockFileContents: boot.lock,
    packageBaseUrl: "https://python.invalid/",
    createPyodideModule: _createPyodideModule,
    env: { PYTHONHASHSEED: "0", HOME: "/" },
    stdout: () => {},
    stderr: () => {},
    ...(boot.snapshot ? { _loadSnapshot: await boot.snapshot.arrayBuffer() } : { _makeSnapshot: true }),
  };
  const made = await loadPyodide(options);
  made.unpackArchive(await boot.library.arrayBuffer(), "zip", { extractDir: LIBRARY });
  if (!boot.snapshot) made.runPython(PREPARE + boot.prepare);
  python = made;
  return boot.snapshot ? null : snapshotOf(made);
}

/** Its memory, from which the next one begins; null if this Pyodide can't, then the next one begins as this one did. */
function snapshotOf(made: Python): Blob | null {
  try {
    return made.makeMemorySnapshot ? new Blob([made.makeMemorySnapshot() as Uint8Array<ArrayBuffer>]) : null;
  } catch {
    return null;
  }
}

self.addEventListener("message", async ({ data }: MessageEvent<ToWorker>) => {
  try {
    if ("boot" in data) {
      postMessage({ ready: true, snapshot: await become(data.boot) });
    } else {
      const asked = python!.globals.get(data.call);
      postMessage({ answer: asked(data.request, (...told) => postMessage({ told })) });
    }
  } catch (problem) {
    postMessage({ failed: String(problem) });
  }
});
