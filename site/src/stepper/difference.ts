/*
 * Two runs beside each other: of the right program and a wrong one, or in two worlds. Their lines differ from the
 * beginning, and their times may; what counts is what one could see from outside: what was printed, what was written
 * and came, who connected and who left. And of each program by itself: which of two programs went on first is an
 * accident of the network, and changes with every seed.
 */

import type { Step, Timeline } from "./api.ts";

const SEEN = ["output", "data.written", "data.received", "datagram.", "connection.", "connect.failed", "timer.fired", "program.ended", "program.begun"];

/** The places, in both runs, of what a program does in one and not in the other at the same point. */
export interface Difference {
  readonly here: number;
  readonly there: number;
}

/** The places of what could be seen of each program, in order. */
function seenPlaces({ steps }: Timeline): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>();
  steps.forEach(({ kind, program }, number) => {
    if (program === undefined || !SEEN.some((seen) => kind.startsWith(seen))) return;
    if (!places.has(program)) places.set(program, []);
    places.get(program)!.push(number + 1);
  });
  return places;
}

/** Where two runs differ first, or null if they don't. */
export function firstDifference(one: Timeline, other: Timeline): Difference | null {
  const [here, there] = [seenPlaces(one), seenPlaces(other)];
  const differences = [...new Set([...here.keys(), ...there.keys()])].flatMap((program) => {
    const [ours, theirs] = [here.get(program) ?? [], there.get(program) ?? []];
    const at = [...Array(Math.max(ours.length, theirs.length)).keys()].find((index) => !isAlike(one, ours[index], other, theirs[index]));
    return at === undefined ? [] : [{ here: ours[at] ?? one.steps.length, there: theirs[at] ?? other.steps.length }];
  });
  return differences.sort((a, b) => a.here - b.here || a.there - b.there)[0] ?? null;
}

/** The place in the other run at which the program that was seen last has done as much as in this one. */
export function placeBeside(one: Timeline, position: number, other: Timeline): number {
  if (position >= one.steps.length) return other.steps.length;
  let last = { program: 0, place: 0, count: 0 };
  for (const [program, places] of seenPlaces(one)) {
    const count = places.filter((place) => place <= position).length;
    const place = places[count - 1] ?? 0;
    if (place > last.place) last = { program, place, count };
  }
  return last.count === 0 ? 0 : (seenPlaces(other).get(last.program)?.[last.count - 1] ?? other.steps.length);
}

function isAlike(one: Timeline, here: number | undefined, other: Timeline, there: number | undefined): boolean {
  return here !== undefined && there !== undefined && signature(one, here) === signature(other, there);
}

function signature({ programs, steps }: Timeline, place: number): string {
  const { kind, program, data, text }: Step = steps[place - 1]!;
  const who = program === undefined ? "" : programs[program]?.name;
  const said = kind.startsWith("data.") || kind.startsWith("datagram.") ? "" : text;
  return JSON.stringify([kind, who, data, said]);
}
