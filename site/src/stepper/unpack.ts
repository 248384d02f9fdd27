/*
 * Timelines as lecture/programs/run_script.py, packed_steps.py and packed_words.py pack them, which tell what is left
 * out. The runs in a script share their programs' texts and their rows.
 */

import { loadScript } from "../lazy.ts";
import type { Program, Run, Step, Thing } from "./api.ts";
import { PacketWords, sleepWords } from "./packed_words.ts";

/** Fields in the order of packed_steps.py, and what changes, if anything does; a copy of earlier rows has -n in place of a kind, and how far back they are. */
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
const AS_BEFORE = 2; // likewise
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
  readonly #seen = new Set<string>();
  readonly #turns = new Map<string, number>();
  readonly #about = new Map<number, string>();
  readonly #packetWords = new PacketWords();

  constructor(kinds: readonly string[], things: Readonly<Record<string, Thing>>) {
    this.#kinds = kinds;
    this.things = { ...things };
  }

  step(row: Row): Step {
    const set = typeof row.at(-1) === "object" ? (row.at(-1) as Record<string, unknown>) : undefined;
    const [kindNumber, at, inside, thing, text, later, who, back, data, size] = set ? (row.slice(0, -1) as unknown as Row) : row;
    const kind = this.#kinds[kindNumber]!;
    const number = this.#steps.length;
    this.#time = seconds(this.#time + ((later as number | undefined) ?? 0));
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
    if (typeof data === "string") step.size ??= data.length;
    if (set) step.set = this.#named(set, step.thing as string | undefined);
    if (sent && typeof text === "string" && text.startsWith(" ")) step.text = sent.text! + text;
    if (kind === "packet.sent") step.text = this.#packetWords.unpacked(step.text as string, (step.size as number | undefined) ?? 0);
    if (kind === "sleep") step.text ??= sleepWords(set && (step.set as Record<string, unknown>)[`p${this.#who - 2}.sleeps`]);
    this.#see(step as unknown as Step);
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
    if (kind.startsWith("packet.")) return thing === AS_PACKET ? sent!.thing! : String(thing);
    const name = thing === AS_BEFORE ? this.#about.get(this.#who)! : String(thing);
    this.#about.set(this.#who, name);
    return name;
  }

  /** The first step of a thing tells what the things leave out: of a packet its ends, of another its program and name. */
  #see({ kind, thing, text = "", program }: Step): void {
    if (!thing || this.#seen.has(thing)) return;
    this.#seen.add(thing);
    const [, here = "", , there = ""] = text.split(" ");
    const told = kind === "packet.sent" ? { here, there } : { name: text, ...(program !== undefined && { program }) };
    this.things[thing] = { ...told, ...this.things[thing] };
  }

  #named(set: Readonly<Record<string, unknown>>, thing: string | undefined): Record<string, unknown> {
    const full = Object.entries(set).map(([name, value]) => {
      const whole = name.startsWith(".") ? thing + name : name.includes(".") ? name : `p${this.#who - 2}.${name}`;
      return [whole, this.#grown(whole, value)];
    });
    return Object.fromEntries(full);
  }

  #grown(name: string, value: unknown): unknown {
    if (/^(p\d+\.sleeps|t\d+\.due|k\d+\.arrives)$/.test(name)) return this.#at(value);
    if (!/^p\d+\.turn$/.test(name) || value === null) return value;
    const now = (this.#turns.get(name) ?? 0) + (value as number);
    this.#turns.set(name, now);
    return now;
  }

  /** The time that is so much later than this step. */
  #at(later: unknown): unknown {
    if (Array.isArray(later)) return later.map((each) => this.#at(each));
    return typeof later === "number" ? seconds(this.#time + later) : later;
  }
}

/** With nine digits, as they are written. */
function seconds(time: number): number {
  return Math.round(time * 1e9) / 1e9;
}

const runs = new Map<string, Run>();

/** A run that a script of the build holds, and its siblings. file: "timelines/03_echo.js". Rejects if it isn't there. */
export async function loadRuns(file: string): Promise<ReadonlyMap<string, Run>> {
  window.timelines = (packed) => unpack(packed).forEach((run) => runs.set(run.title, run));
  await loadScript(file);
  return runs;
}
