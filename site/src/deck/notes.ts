/*
 * What the speaker says. It is in a script of its own, which the build writes (lecture/outputs/deck/write.py), and which
 * the audience's window never loads.
 */

import { loadScript } from "../lazy.ts";

/** First step, last step, HTML. */
type Note = readonly [number, number, string];

/** By the ids of the slides. */
export type Notes = Readonly<Record<string, readonly Note[]>>;

declare global {
  interface Window {
    notes?: (notes: Notes) => void;
  }
}

/** All notes of the talk. Rejects if their script isn't there. */
export async function loadNotes(): Promise<Notes> {
  let notes: Notes = {};
  window.notes = (loaded) => (notes = loaded);
  await loadScript("notes.js");
  return notes;
}

/** What is said at a step of a slide, as HTML. */
export function notesAt(notes: Notes, slide: string, step: number): string[] {
  return (notes[slide] ?? []).filter(([first, last]) => first <= step && step <= last).map(([, , note]) => note);
}
