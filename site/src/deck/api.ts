/*
 * What other scripts may ask of the deck in the audience's window: `window.deck`, from the event "deck-ready" on. The
 * live server's script uses it to follow the speaker and to run real programs.
 */

import type { Place } from "./links.ts";

/**
 * Runs an example and writes what it prints into its session on the slide.
 *
 * Resolves to true as soon as the run has begun, to false if it can't be run here. `late` is aborted when the deck has
 * given up waiting and plays the recorded run instead, when the speaker stops the run, and when the talk moves on: then
 * nothing may be written any more. Its reason is "late" or "stopped".
 */
export type Runner = (example: string, session: HTMLElement, late: AbortSignal) => Promise<boolean>;

export interface DeckApi {
  /** slide: id ("s20") or number. Returns false if there is no such slide. */
  go(slide: string | number, step?: number): boolean;
  at(): Place;
  /** Calls back after each move, and once at once. Returns what ends that. */
  onMove(listener: (place: Place) => void): () => void;
  /** Shows the output that is held back, or else goes to the next step that shows one. */
  showOutput(): boolean;
  /** Runs an example that is on this slide; the first one without a name. Tells in words what became of it. */
  run(example?: string): Promise<string>;
  /** Who runs real programs; null, as it is without a live server, plays recorded runs. */
  runner: Runner | null;
  /** Stops the run, as moving on does. */
  stop(): void;
  /** Says something at the lower edge, and in the speaker's window, until the next move. */
  tell(words: string): string;
}

declare global {
  interface Window {
    deck?: DeckApi;
  }
}
