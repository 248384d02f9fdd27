/*
 * What happened in a step, in a sentence; and why, back to the program's own doing. The sentences are those of
 * reactor/trace/words.py, which `tools/stepper_words.py` copies; a test compares what both say of every run we have.
 */

import type { Step, Timeline } from "./api.ts";
import sentences from "./sentences.json";

const SENTENCES: Readonly<Record<string, string>> = sentences;
const OPTIONAL = /\[([^[\]]*)\]/g;
const FIELD = /\{(\w+)\}/g;
const CARRIERS = new Set(["turn", "ready", "call", "port.accepted"]);
const LONGEST = 40;

/** What happened in the step of this number; the first is 0. */
export function sentence(timeline: Timeline, number: number): string {
  const step = timeline.steps[number]!;
  const fields: Record<string, string> = {
    program: programName(timeline, step),
    thing: thingName(timeline, step.thing),
    at: step.at ?? "",
    text: step.text ?? "",
    data: shownData(step),
    size: step.size === undefined ? "" : String(step.size),
  };
  const fill = (words: string) => words.replace(FIELD, (_, name: string) => fields[name] ?? "");
  const isFull = (words: string) => [...words.matchAll(FIELD)].every(([, name]) => fields[name!]);
  return fill((SENTENCES[step.kind] ?? step.kind).replace(OPTIONAL, (_, words: string) => (isFull(words) ? words : "")));
}

/** The steps that led to this one: its cause, the cause of that, and so on, to one that has none. */
export function why(timeline: Timeline, number: number): number[] {
  const chain: number[] = [];
  for (let cause = causeOf(timeline, number); cause !== undefined; cause = causeOf(timeline, cause)) {
    if (!CARRIERS.has(timeline.steps[cause]!.kind)) chain.push(cause);
  }
  return chain;
}

function causeOf(timeline: Timeline, number: number): number | undefined {
  const step = timeline.steps[number]!;
  if (step.because?.length) return step.because.at(-1);
  if (step.kind === "connection.begun") return before(timeline, number, "connection.made", step.thing);
  if (step.kind === "connection.lost") return before(timeline, number, "connection.closing", step.thing) ?? step.in;
  if (step.kind === "ready") return packetFor(timeline, number, step);
  if (step.kind === "end") return step.of;
  if (step.in !== undefined || step.program === undefined || step.kind === "program.begun") return step.in;
  return before(timeline, number, "program.begun", undefined, step.program);
}

function before({ steps }: Timeline, number: number, kind: string, thing?: string, program?: number): number | undefined {
  for (let earlier = number - 1; earlier >= 0; earlier--) {
    const step = steps[earlier]!;
    if (step.kind === kind && step.thing === thing && (program === undefined || step.program === program)) return earlier;
  }
  return undefined;
}

/** The packet that has made a connection or a port ready: the last one that arrived there. */
function packetFor({ steps, things }: Timeline, number: number, { thing, in: inside }: Step): number | undefined {
  const place = things[thing ?? ""]?.here;
  for (let earlier = number - 1; earlier >= 0; earlier--) {
    const step = steps[earlier]!;
    if (step.kind === "packet.arrived" && things[step.thing ?? ""]?.there === place) return earlier;
  }
  return inside;
}

export function programName({ programs }: Timeline, { program }: Step): string {
  return program === undefined ? "the network" : (programs[program]?.name ?? `program ${program}`);
}

export function thingName({ things }: Timeline, name: string | undefined): string {
  if (name === undefined) return "";
  const known = things[name]?.protocol || things[name]?.name;
  return known ? `${name} (${known})` : name;
}

function shownData({ kind, data = "", size = 0 }: Step): string {
  const shown = kind === "output" ? quoted(data, /[\u0020-\u007e\u00a1-\uffff]/) : `b${quoted(data, /[ -~]/)}`;
  return shown.length <= LONGEST ? shown : `${[...shown].slice(0, LONGEST).join("")}… (${size.toLocaleString("en-US")} bytes)`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** A text as Python quotes it. printable: the characters that stand for themselves. */
export function quoted(text: string, printable: RegExp): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = [...text].map((character) => {
    if (character === quote) return `\\${character}`;
    if (ESCAPES[character]) return ESCAPES[character];
    return printable.test(character) ? character : `\\x${character.codePointAt(0)!.toString(16).padStart(2, "0")}`;
  });
  return quote + escaped.join("") + quote;
}
