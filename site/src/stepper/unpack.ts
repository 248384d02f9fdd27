/*
 * Timelines as lecture/programs/run_script.py packs them: each step is a list of its fields, without the empty ones at
 * its end. A field that says nothing is 0; so are a time and a program that are those of the step before. Steps that it
 * refers to are so many steps back.
 */

import { loadScript } from "../lazy.ts";
import type { Files, Program, Run, Step, Thing, Timeline } from "./api.ts";

type Row = readonly unknown[];

export interface Packed {
  readonly programs: readonly Program[];
  readonly things: Readonly<Record<string, Thing>>;
  readonly kinds: readonly string[];
  readonly steps: readonly Row[];
  readonly left_out: number;
}

declare global {
  interface Window {
    timeline?: (name: string, packed: Packed, files: Files) => void;
  }
}

const NETWORK = 1; // in place of a program; programs are counted from 2

export function unpack({ programs, things, kinds, steps, left_out }: Packed): Timeline {
  let time = 0;
  let who = 0;
  const unpacked = steps.map((row, number) => {
    const [kind, now, program, inside, because, thing, at, text, data, size, set] = row as [number, ...unknown[]];
    time = (now as number) || time;
    who = (program as number) || who;
    const step: Record<string, unknown> = { time, kind: kinds[kind] };
    if (who !== NETWORK) step.program = who - NETWORK - 1;
    if (inside) step.in = number - (inside as number);
    if (because) step.because = [number - (because as number)];
    for (const [name, value] of Object.entries({ thing, at, text, data, size, set })) if (value !== undefined && value !== 0) step[name] = value;
    if (typeof data === "string") step.size ??= data.length;
    return step as unknown as Step;
  });
  return { programs, things, steps: unpacked, left_out };
}

const runs = new Map<string, Run>();

/** A run that a script of the build holds, and its siblings. file: "timelines/03_echo.js". Rejects if it isn't there. */
export async function loadRuns(file: string): Promise<ReadonlyMap<string, Run>> {
  window.timeline = (title, packed, files) => void runs.set(title, { title, timeline: unpack(packed), files });
  await loadScript(file);
  return runs;
}
