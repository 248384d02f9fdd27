/* The programs of the lecture, as programs.js brings them (lecture/outputs/play/programs.py), and the missions. */

import type { Sliders } from "./messages.ts";

export type Files = Readonly<Record<string, string>>;

export interface Program {
  /** "03_echo", or "03_echo/wrong/one_chunk". */
  readonly name: string;
  /** Of its slide. */
  readonly title: string;
  readonly number: number;
  readonly page: string;
  readonly files: Files;
  readonly session: string;
}

export interface Mission {
  readonly name: string;
  readonly title: string;
  readonly task: string;
  /** The program whose session must hold. */
  readonly program: string;
  /** What is in place of the program's own files. */
  readonly files: Files;
  readonly session: string;
  /** What breaks it. */
  readonly seed: number;
  readonly sliders: Sliders;
  /** Files that hold nevertheless. */
  readonly mended: Files;
}

interface Data {
  readonly programs: readonly Program[];
  readonly missions: readonly Mission[];
}

declare global {
  interface Window {
    playPrograms?: Data;
  }
}

const data = () => window.playPrograms!;

export const programs = (): readonly Program[] => data().programs;
export const missions = (): readonly Mission[] => data().missions;
export const programNamed = (name: string): Program | undefined => programs().find((one) => one.name === name);
export const missionNamed = (name: string): Mission | undefined => missions().find((one) => one.name === name);

/** The files that a reader begins with. */
export function original(program: Program, mission?: Mission): Files {
  return { ...program.files, ...mission?.files };
}
