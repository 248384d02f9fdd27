/*
 * What exercises.html knows of its exercises, as the build writes it (lecture/outputs/play/exercises.py): programs and
 * checks in tasks.js; how the known wrong solutions fail in mistakes.js; the solutions in solutions.js, which is loaded
 * when one of them may be shown.
 */

import { loadScript } from "../lazy.ts";
import type { Files } from "./programs.ts";

export interface Task {
  /** The program that the student edits. */
  readonly file: string;
  /** It, and those that it imports. */
  readonly programs: Files;
  /** What the grader needs. */
  readonly files: Files;
}

type ByName<T> = Readonly<Record<string, T>>;

declare global {
  interface Window {
    exerciseTasks?: ByName<Task>;
    exerciseMistakes?: ByName<object>;
    exerciseSolutions?: ByName<string>;
  }
}

export const tasks = (): ByName<Task> => window.exerciseTasks!;

/** How those fail who believe something wrong, by what they believe. */
export async function mistakes(name: string): Promise<object> {
  await loadScript("mistakes.js");
  return window.exerciseMistakes![name]!;
}

export async function solution(name: string): Promise<string> {
  await loadScript("solutions.js");
  return window.exerciseSolutions![name]!;
}
