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
  | { readonly kind: "hold"; readonly on: boolean }
  /** A key for the stepper, while it is open. */
  | { readonly kind: "key"; readonly key: string };

/** What the audience sees. */
export interface View {
  readonly kind: "view";
  readonly place: Place;
  /** Whether an output is held back until the speaker shows it. */
  readonly held: boolean;
  readonly holding: boolean;
  readonly blank: boolean;
  readonly scheme: string;
  /** Whether the stepper stands over the slide, and has the keys. */
  readonly inside: boolean;
  /** What was told last, such as what became of a run. */
  readonly told: string;
}

export type Message = Request | View | { readonly kind: "closed" };
