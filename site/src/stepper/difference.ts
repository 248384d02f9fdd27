/*
 * Two runs beside each other: of the right program and a wrong one, or with another seed. Their lines differ from the
 * beginning, and their times may; what counts is what one could see from outside: what was printed, what was written
 * and came, who connected and who left.
 */

import type { Step, Timeline } from "./api.ts";

const SEEN = ["output", "data.written", "data.received", "datagram.", "connection.", "connect.failed", "timer.fired", "program.ended", "program.begun"];

/** The places, in both runs, of what happens in one and not in the other at the same point. */
export interface Difference {
  /** How many things both have in common before it. */
  readonly common: number;
  readonly here: number;
  readonly there: number;
}

/** The places of what could be seen, in order. */
export function seenPlaces({ steps }: Timeline): number[] {
  return steps.flatMap((step, number) => (SEEN.some((kind) => step.kind.startsWith(kind)) ? [number + 1] : []));
}

/** Where two runs differ first, or null if they don't. */
export function firstDifference(one: Timeline, other: Timeline): Difference | null {
  const [here, there] = [seenPlaces(one), seenPlaces(other)];
  const longest = Math.max(here.length, there.length);
  for (let common = 0; common < longest; common++) {
    const [a, b] = [here[common], there[common]];
    if (a === undefined || b === undefined || signature(one, a) !== signature(other, b)) {
      return { common, here: a ?? one.steps.length, there: b ?? other.steps.length };
    }
  }
  return null;
}

/** The place in the other run that has seen as much as this one. */
export function placeBeside(one: Timeline, position: number, other: Timeline): number {
  const seen = seenPlaces(one).filter((place) => place <= position).length;
  const places = seenPlaces(other);
  if (position >= one.steps.length) return other.steps.length;
  return seen === 0 ? 0 : (places[seen - 1] ?? other.steps.length);
}

function signature({ programs, steps }: Timeline, place: number): string {
  const { kind, program, data, text }: Step = steps[place - 1]!;
  const who = program === undefined ? "" : programs[program]?.name;
  const said = kind.startsWith("data.") || kind.startsWith("datagram.") ? "" : text;
  return JSON.stringify([kind, who, data, said]);
}
