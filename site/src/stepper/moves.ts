/* From a place in a timeline to the next one of a kind: line, event, turn, packet, output. A place is how many steps were made. */

import type { Step, Timeline } from "./api.ts";

export type Stride = "line" | "event" | "turn" | "packet" | "output" | "step";

const NOT_EVENTS = new Set(["line", "call", "end", "turn", "ready"]);

const IS: Readonly<Record<Stride, (step: Step) => boolean>> = {
  line: ({ kind }) => kind === "line",
  event: ({ kind }) => !NOT_EVENTS.has(kind),
  turn: ({ kind }) => kind === "turn",
  packet: ({ kind }) => kind.startsWith("packet."),
  output: ({ kind }) => kind === "output",
  step: () => true,
};

/** The next place of this kind, or the one before; null if there is none. */
export function nextPlace({ steps }: Timeline, position: number, stride: Stride, forwards: boolean): number | null {
  return search(steps, position, forwards, IS[stride]);
}

/** The next time that this line runs, "server.py:12"; the first time, if it doesn't run later. */
export function placeOfLine({ steps }: Timeline, position: number, at: string): number | null {
  const runs = (step: Step) => step.kind === "line" && step.at === at;
  return search(steps, position, true, runs) ?? search(steps, 0, true, runs);
}

/** The first time that this is printed; null if it never is. */
export function placeOfOutput({ steps }: Timeline, words: string): number | null {
  return search(steps, 0, true, ({ kind, data }) => kind === "output" && (data ?? "").includes(words));
}

/** Where the stepper begins: the first line that runs, or the first event of a timeline without lines. */
export function firstPlace(timeline: Timeline): number {
  return nextPlace(timeline, 0, "line", true) ?? nextPlace(timeline, 0, "event", true) ?? 0;
}

/** Files and numbers of lines that ever run. */
export function linesThatRun({ steps }: Timeline): ReadonlySet<string> {
  return new Set(steps.filter(IS.line).map(({ at }) => at ?? ""));
}

function search(steps: readonly Step[], position: number, forwards: boolean, wanted: (step: Step) => boolean): number | null {
  const by = forwards ? 1 : -1;
  for (let number = forwards ? position : position - 2; number >= 0 && number < steps.length; number += by) {
    if (wanted(steps[number]!)) return number + 1;
  }
  return null;
}
