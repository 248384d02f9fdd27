/*
 * What other scripts may ask of the stepper: `window.stepper`, once stepper.js has been loaded. It shows a recorded run
 * step by step: the program's lines, variables, buffers, packets, timers and output, forwards and back.
 *
 *     const { open } = await loadStepper();
 *     const shown = open(element, timeline, { "server.py": "…" }, { at: 41 });
 *
 * A timeline is what `reactor.trace` writes, as it is: reactor/trace/FORMAT.md describes it.
 */

import { loadScript } from "../lazy.ts";

export interface Step {
  /** Seconds from the beginning. */
  readonly time: number;
  readonly kind: string;
  readonly program?: number;
  readonly in?: number;
  readonly of?: number;
  readonly thing?: string;
  readonly because?: readonly number[];
  /** "server.py:12" */
  readonly at?: string;
  readonly text?: string;
  readonly data?: string;
  readonly size?: number;
  readonly set?: Readonly<Record<string, unknown>>;
}

export interface Program {
  readonly name: string;
  readonly host?: string;
  readonly exit?: number;
}

export interface Thing {
  readonly name?: string;
  readonly program?: number;
  readonly host?: string;
  readonly protocol?: string;
  readonly here?: string;
  readonly there?: string;
}

export interface Timeline {
  readonly programs: readonly Program[];
  readonly things: Readonly<Record<string, Thing>>;
  readonly steps: readonly Step[];
  readonly left_out?: number;
}

/** Texts of the programs by their names, as `at` has them. */
export type Files = Readonly<Record<string, string>>;

export interface Run {
  readonly title: string;
  readonly timeline: Timeline;
  readonly files: Files;
}

export interface Options {
  /** What the run is called, for readers: "03_echo". */
  readonly title?: string;
  /** How many steps have been made when it opens; the first line that runs without. */
  readonly at?: number;
  /** Another run to stand beside this one, the first difference marked. */
  readonly beside?: Run;
  /** Is called after each move: how many steps have been made, what the last one was, and whether it was far away. */
  onMove?(position: number, words: string, isJump: boolean): void;
  /** Is called when the reader closes it; without this, there is no button for that. */
  onClose?(): void;
}

export interface Shown {
  /** How many steps have been made: 0 before the first. */
  readonly position: number;
  /** Goes there, or as near as there are steps. */
  go(position: number): void;
  /** Does what the stepper does when this key is pressed ("ArrowRight"). Returns whether the key has a meaning. */
  press(key: string): boolean;
  /** Takes it out of the page. */
  close(): void;
}

export interface StepperApi {
  /** Shows a run inside this element, whose content it replaces. Raises RangeError for a timeline without steps. */
  open(element: HTMLElement, timeline: Timeline, files: Files, options?: Options): Shown;
  /** Shows the run of a session that the build wrote (`data-run`, `data-example`). Rejects when it isn't there. */
  showSession(session: HTMLElement, element: HTMLElement, options: Pick<Options, "at" | "onMove" | "onClose">): Promise<Shown>;
  /** The runs that a script of the build holds, by their names. file: "timelines/03_echo.js". Rejects if it isn't there. */
  runs(file: string): Promise<ReadonlyMap<string, Run>>;
  /** What happened in a step, and which steps are its causes; steps are counted from 0. */
  sentence(timeline: Timeline, number: number): string;
  why(timeline: Timeline, number: number): number[];
}

declare global {
  interface Window {
    stepper?: StepperApi;
  }
}

/** The stepper; its script is fetched when it is asked for the first time. */
export async function loadStepper(): Promise<StepperApi> {
  if (!window.stepper) await loadScript("stepper.js");
  return window.stepper!;
}
