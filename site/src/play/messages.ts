/*
 * What the page and its workers say to each other, and what Python answers: lecture/programs/simulation/playing.py for
 * the playground, lecture/exercises/in_the_page.py for exercises.
 */

export type Sliders = Readonly<Record<string, number>>;

export interface Probe {
  readonly file: string;
  readonly line: number;
  readonly expression: string;
}

export interface Request {
  readonly files: Readonly<Record<string, string>>;
  readonly session: string;
  readonly seed: number;
  readonly sliders: Sliders;
  readonly probe?: Probe;
}

export interface Answer {
  /** Why the request made no sense; then there is nothing else. */
  readonly error?: string;
  readonly output: readonly string[];
  readonly exits: readonly (number | null)[];
  readonly problem: string;
  /** Whether the run did what its session says. */
  readonly holds: boolean;
  /** SHA-256 of the timeline. */
  readonly hash: string;
  /** Of a probe: number of the step, value. */
  readonly values: readonly (readonly [number, string])[];
  readonly timeline: unknown;
}

/**
 * What a worker needs to become Python. A snapshot is the memory of another one that was ready. They are Blobs, since
 * these are handed over and not copied, so that the page doesn't stop for it.
 */
export interface Boot {
  readonly wasm: Blob;
  readonly standard: Blob;
  readonly lock: string;
  readonly library: Blob;
  /** What Python runs when it is there; it defines the functions that can be called. */
  readonly prepare: string;
  readonly snapshot: Blob | null;
}

/** A function of Python's. It takes JSON, and may tell something before it answers. */
export interface Call {
  readonly name: string;
  readonly request: object;
}

/** What a function tells before it answers: for `play`, number of a command and text; for `grade`, a line of JSON. */
export type Heard = (...told: readonly (string | number)[]) => void;

export type ToWorker = { readonly boot: Boot } | { readonly call: string; readonly request: string };

export type FromWorker =
  | { readonly ready: true; readonly snapshot: Blob | null }
  | { readonly failed: string }
  | { readonly told: readonly (string | number)[] }
  | { readonly answer: string };
