/*
 * A program with its seed and faults as the fragment of an address: nothing is sent anywhere. What was changed travels
 * as the difference from the lecture's program, compressed:
 *
 *     #03_echo&seed=7&latency=50&changes=q1YqUbK…
 */

import { applied, difference, type Change } from "./difference.ts";
import type { Sliders } from "./messages.ts";
import type { Files } from "./programs.ts";

export const LONGEST = 2000;

export interface Shared {
  readonly program: string;
  readonly mission: string;
  readonly seed: number;
  readonly sliders: Sliders;
  /** By file. */
  readonly changes: Readonly<Record<string, readonly Change[]>>;
}

export function changesOf(before: Files, after: Files): Shared["changes"] {
  const pairs = Object.entries(after).map(([name, text]) => [name, difference(before[name] ?? "", text)] as const);
  return Object.fromEntries(pairs.filter(([, list]) => list.length));
}

export function changed(before: Files, changes: Shared["changes"]): Files {
  const pairs = Object.entries(changes).map(([name, list]) => [name, applied(before[name] ?? "", list)] as const);
  return { ...before, ...Object.fromEntries(pairs) };
}

/** The fragment, with its "#". It may be longer than LONGEST. */
export async function fragment(shared: Shared): Promise<string> {
  const more = new URLSearchParams();
  if (shared.mission) more.set("mission", shared.mission);
  if (shared.seed) more.set("seed", String(shared.seed));
  for (const [name, value] of Object.entries(shared.sliders)) if (value) more.set(name, String(value));
  if (Object.keys(shared.changes).length) more.set("changes", await packed(JSON.stringify(shared.changes)));
  return `#${shared.program}${more.size ? `&${more}` : ""}`;
}

/** What a fragment says. Rejects with an Error in words for one that was damaged. */
export async function read(text: string): Promise<Shared> {
  const [program = "", ...rest] = text.replace(/^#/, "").split("&");
  const { mission = "", seed = "0", changes = "", ...sliders } = Object.fromEntries(new URLSearchParams(rest.join("&")));
  const numbers = Object.entries({ seed, ...sliders }).map(([name, value]) => [name, Number(value)] as const);
  const bad = numbers.find(([, value]) => !Number.isFinite(value) || value < 0);
  if (bad) throw new Error(`the link says that ${bad[0]} is ${sliders[bad[0]] ?? seed}, which is no number`);
  const known = changes ? await unpacked(changes).then(JSON.parse).catch(() => null) : {};
  if (!known) throw new Error("the changes in the link are damaged: was it copied whole?");
  const { seed: number = 0, ...others } = Object.fromEntries(numbers);
  return { program: decodeURIComponent(program), mission, seed: number, sliders: others, changes: known };
}

async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpacked(text: string): Promise<string> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
}
