/*
 * Python for the page, in two scripts: python.js is Pyodide, which `make play` brings, and library.js is our library,
 * which the build writes. Both are data in classic scripts, because a page from disk may fetch nothing.
 */

import { loadScript } from "../lazy.ts";
import workerSource from "worker:./worker.ts";
import type { Boot } from "./messages.ts";

interface PackedPython {
  readonly script: string;
  readonly wasm: string;
  readonly standard: string;
  readonly lock: string;
}

declare global {
  interface Window {
    /** Called by python.js: base64; script and wasm are compressed, too. */
    packedPython?: (packed: PackedPython) => void;
    /** Called by library.js: a zip file, in base64. */
    packedLibrary?: (zip: string) => void;
  }
}

export interface Runtime {
  /** The address of the worker's script. */
  readonly script: string;
  readonly boot: Boot;
}

export const HOW_TO_GET_IT =
  "Python isn't beside this page. Run `make play` where you build the lecture, or install its extra [play]: then python.js is here. Stepping works without.";

/** Both, unpacked. prepare: see Boot. Rejects with HOW_TO_GET_IT, or with what is wrong. */
export async function loadRuntime(prepare: string): Promise<Runtime> {
  let python: PackedPython | null = null;
  let library = "";
  window.packedPython = (packed) => (python = packed);
  window.packedLibrary = (zip) => (library = zip);
  await loadScript("library.js");
  await loadScript("python.js").catch(() => Promise.reject(new Error(HOW_TO_GET_IT)));
  const { script, wasm, standard, lock } = python!;
  const sources = [await new Response(await unpacked(script)).text(), "\n", workerSource];
  return {
    script: URL.createObjectURL(new Blob(sources, { type: "text/javascript" })),
    boot: {
      wasm: new Blob([await unpacked(wasm)]),
      standard: new Blob([bytes(standard)]),
      library: new Blob([bytes(library)]),
      lock,
      prepare,
      snapshot: null,
    },
  };
}

function bytes(base64: string): ArrayBuffer {
  const text = atob(base64);
  const array = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) array[at] = text.charCodeAt(at);
  return array.buffer;
}

function unpacked(base64: string): Promise<ArrayBuffer> {
  const stream = new Blob([bytes(base64)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
