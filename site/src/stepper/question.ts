/*
 * "What happens next?": the next event of the run among others that this run has too, so that none is absurd. The
 * choices are always in the same order for the same place.
 */

import type { Timeline } from "./api.ts";
import { nextPlace } from "./moves.ts";
import { sentence } from "./words.ts";

export interface Question {
  readonly choices: readonly string[];
  /** The number of the right one among them. */
  readonly right: number;
  /** Where it happens. */
  readonly place: number;
}

const MOST = 6;
const LEAST = 5;

/** The question at a place; null where nothing happens any more, or too little ever happens to ask. */
export function questionAt(timeline: Timeline, position: number): Question | null {
  const place = nextPlace(timeline, position, "event", true);
  if (place === null) return null;
  const right = sentence(timeline, place - 1);
  const others = [...new Set(candidates(timeline, place).map((number) => sentence(timeline, number)))].filter((words) => words !== right);
  if (others.length < LEAST - 1) return null;
  const choices = [right, ...others.slice(0, MOST - 1)].sort();
  return { choices, right: choices.indexOf(right), place };
}

/** Steps that are events, the nearest later ones first, then the nearest earlier ones. */
function candidates(timeline: Timeline, place: number): number[] {
  const found: number[] = [];
  for (const forwards of [true, false]) {
    for (let at: number | null = place; (at = nextPlace(timeline, at, "event", forwards)) !== null; ) found.push(at - 1);
  }
  return found;
}
