/*
 * What the audience's window and the speaker's window say to each other. Both show the same file, so that slides and
 * notes need not travel: a place in the talk is enough.
 */

import type { Place } from "./links.ts";
import type { StageAction } from "./keys.ts";

/** From the speaker's window. */
export type Request =
  | { readonly kind: "hello" }
  | { readonly kind: "do"; readonly action: StageAction }
  | { readonly kind: "go"; readonly place: Place }
  | { readonly kind: "hold"; readonly on: boolean };

/** What the audience sees. */
export interface View {
  readonly kind: "view";
  readonly place: Place;
  /** Whether an output is held back until the speaker shows it. */
  readonly held: boolean;
  readonly holding: boolean;
  readonly blank: boolean;
  readonly scheme: string;
  /** What was told last, such as what became of a run. */
  readonly told: string;
}

export type Message = Request | View | { readonly kind: "closed" };
