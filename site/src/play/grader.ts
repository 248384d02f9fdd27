/*
 * Grades a program in Python, by the terminal's own grader (lecture/exercises/in_the_page.py). A program may hang, and
 * take its Python with it: then that is ended, and another one says what the verdict is. Each program has a Python that
 * no other one has seen.
 */

import type { Heard } from "./messages.ts";
import { Stopped } from "./pool.ts";
import type { Runs } from "./runs.ts";
import { mistakes, type Task } from "./tasks.ts";
import type { Files } from "./programs.ts";

export interface Verdict {
  readonly passed: boolean;
  /** As a terminal shows it. */
  readonly text: string;
  /** What a stepper may show. */
  readonly failure: { readonly check: string; readonly schedule: string } | null;
}

export interface Submission extends Task {
  readonly name: string;
  readonly known: object;
  /** The first hidden one. */
  readonly seed: number;
}

/** Python itself says after 5 seconds in one try where it is; a program that doesn't even let it gets so many more. */
const PATIENCE_MS = 7000;
const SEEDS = 1_000_000;
const FIRST_SEED = 1000;

export const PREPARE = "from lecture.exercises.in_the_page import grade, replay, tell, warm_up\nwarm_up()\n";

/** A program as the grader takes it; its hidden seeds are others each time. */
export async function submission(name: string, task: Task, programs: Files): Promise<Submission> {
  const seed = FIRST_SEED + (crypto.getRandomValues(new Uint32Array(1))[0]! % SEEDS);
  return { ...task, name, programs, known: await mistakes(name), seed };
}

/** The verdict. Rejects with Stopped when the reader stops it. tried: is called with how many tries there were. */
export async function graded(runs: Runs, submitted: Submission, tried: (count: number) => void): Promise<Verdict> {
  const lines: object[] = [];
  let ending: object | null = null;
  let timer = 0;
  let count = 0;
  const end = (how: object) => ((ending = how), void runs.stop());
  const hear: Heard = (line) => {
    clearTimeout(timer);
    const told = JSON.parse(line as string) as { busy?: number };
    if (told.busy !== undefined) return end({ ended: -1, said: `File "${submitted.file}", line ${told.busy}`, late: false });
    lines.push(told);
    if ("tries" in told) tried(++count);
    timer = window.setTimeout(() => end({ ended: -1, said: "", late: false }), PATIENCE_MS);
  };
  try {
    const verdict = await runs.ask<Verdict>({ name: "grade", request: submitted }, hear);
    await runs.renew();
    return verdict;
  } catch (problem) {
    if (!ending && (problem instanceof Stopped || !lines.length)) throw problem;
    ending ??= { ended: 1, said: (problem as Error).message, late: false };
    return await runs.ask<Verdict>({ name: "tell", request: { ...submitted, lines: [...lines, ending] } }, () => {});
  } finally {
    clearTimeout(timer);
  }
}
