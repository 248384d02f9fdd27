/*
 * Timelines as lecture/programs/run_script.py and packed_steps.py pack them, which tell what a row leaves out. The runs
 * in a script share their programs' texts and their rows.
 */

import { loadScript } from "../lazy.ts";
import type { Program, Run, Step, Thing } from "./api.ts";

/** Fields in the order of packed_steps.py; a copy of earlier rows has -n in place of a kind, and how far back they are. */
type Row = readonly [number, ...unknown[]];

interface PackedRun {
  readonly name: string;
  readonly files: Readonly<Record<string, number>>;
  readonly programs: readonly Program[];
  readonly things: Readonly<Record<string, Thing>>;
  readonly left_out: number;
  readonly steps: readonly Row[];
}

export interface Packed {
  readonly kinds: readonly string[];
  readonly texts: readonly string[];
  readonly runs: readonly PackedRun[];
}

declare global {
  interface Window {
    timelines?: (packed: Packed) => void;
  }
}

const NETWORK = 1; // in place of a program; programs are counted from 2
const AS_PACKET = 1; // in place of a thing
const SAME_PLACE = "";
const NO_STEP = -1;

export function unpack({ kinds, texts, runs }: Packed): Run[] {
  const rows: Row[] = [];
  return runs.map(({ name, files, programs, things, left_out, steps }) => {
    const first = rows.length;
    for (const row of steps) {
      const back = row[1] as number;
      if (row[0] < 0) for (let copied = row[0]; copied < 0; copied++) rows.push(rows[rows.length - back]!);
      else rows.push(row);
    }
    const unpacker = new Unpacker(kinds, things);
    const unpacked = rows.slice(first).map((row) => unpacker.step(row));
    const sources = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, texts[text]!]));
    return { title: name, timeline: { programs, things: unpacker.things, steps: unpacked, left_out }, files: sources };
  });
}

/** Unpacks the steps of one run, in their order. */
class Unpacker {
  readonly things: Record<string, Thing>;
  readonly #kinds: readonly string[];
  readonly #steps: Step[] = [];
  #time = 0;
  #who = 0;
  #packet = 0;
  readonly #places = new Map<number, [string, number]>();
  readonly #around = new Map<number, number | undefined>();
  readonly #counted = new Map<string, number>();

  constructor(kinds: readonly string[], things: Readonly<Record<string, Thing>>) {
    this.#kinds = kinds;
    this.things = { ...things };
  }

  step(row: Row): Step {
    const [kindNumber, at, inside, thing, text, later, who, back, data, size, set] = row;
    const kind = this.#kinds[kindNumber]!;
    const number = this.#steps.length;
    this.#time = Math.round((this.#time + ((later as number | undefined) ?? 0)) * 1e9) / 1e9;
    this.#who = (who as number | undefined) || this.#who;
    const step: Record<string, unknown> = { time: this.#time, kind };
    if (this.#who !== NETWORK) step.program = this.#who - 2;
    const around = this.#inside(number, inside as number | undefined);
    if (around !== undefined) step.in = around;
    if (back) step.because = [number - (back as number)];
    const sent = back && kind.startsWith("packet.") ? this.#steps[number - (back as number)] : undefined;
    for (const [name, value] of Object.entries({ thing, at, text, data, size })) if (value !== undefined && value !== 0) step[name] = value;
    if (step.thing) step.thing = this.#thing(kind, thing as string | number, sent);
    if (step.at !== undefined) step.at = this.#place(at as string | number);
    if (sent && typeof text === "string" && text.startsWith(" ")) step.text = sent.text! + text;
    if (kind === "packet.sent") this.#see(step as unknown as Step);
    if (typeof data === "string") step.size ??= data.length;
    if (set) step.set = this.#named(set as Record<string, unknown>, step.thing as string | undefined);
    this.#steps.push(step as unknown as Step);
    return step as unknown as Step;
  }

  #inside(number: number, back: number | undefined): number | undefined {
    if (back) this.#around.set(this.#who, back === NO_STEP ? undefined : number - back);
    return this.#around.get(this.#who);
  }

  #place(at: string | number): string {
    const [file, line] = this.#places.get(this.#who) ?? ["", 0];
    const moved = at === SAME_PLACE ? 0 : at;
    const [, otherFile = file, otherLine = ""] = typeof moved === "string" ? /^(.*):(\d+)$/.exec(moved)! : [];
    const place: [string, number] = [otherFile, typeof moved === "number" ? line + moved : Number(otherLine)];
    this.#places.set(this.#who, place);
    return place.join(":");
  }

  #thing(kind: string, thing: string | number, sent: Step | undefined): string {
    if (kind === "packet.sent") {
      this.#packet = thing === AS_PACKET ? this.#packet + 1 : Number(String(thing).slice(1));
      return `k${this.#packet}`;
    }
    return thing === AS_PACKET ? sent!.thing! : String(thing);
  }

  /** Of a packet that is sent, its text tells the ends. */
  #see({ thing, text = "" }: Step): void {
    const [, here = "", , there = ""] = text.split(" ");
    if (thing) this.things[thing] ??= { here, there };
  }

  #named(set: Readonly<Record<string, unknown>>, thing: string | undefined): Record<string, unknown> {
    const full = Object.entries(set).map(([name, value]) => {
      const whole = name.startsWith(".") ? thing + name : name.includes(".") ? name : `p${this.#who - 2}.${name}`;
      return [whole, /^p\d+\.(turn|printed)$/.test(whole) && value !== null ? this.#count(whole, value as number) : value];
    });
    return Object.fromEntries(full);
  }

  #count(name: string, more: number): number {
    const now = (this.#counted.get(name) ?? 0) + more;
    this.#counted.set(name, now);
    return now;
  }
}

const runs = new Map<string, Run>();

/** A run that a script of the build holds, and its siblings. file: "timelines/03_echo.js". Rejects if it isn't there. */
export async function loadRuns(file: string): Promise<ReadonlyMap<string, Run>> {
  window.timelines = (packed) => unpack(packed).forEach((run) => runs.set(run.title, run));
  await loadScript(file);
  return runs;
}
