/*
 * The talk as a list of slides, without the page: what comes next, what came before, where a number leads, and how many
 * minutes are planned until there. Slides that show a wrong program stand below another slide; the way through the talk
 * passes them by.
 */

import type { Place } from "./links.ts";

export interface SlideFacts {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly minutes: number;
  readonly steps: number;
  /** Whether it belongs to the short path. */
  readonly short: boolean;
  /** The id of the slide that this one stands below, or null. */
  readonly below: string | null;
}

export class Talk {
  /** The slides that → and ← go through. */
  readonly path: readonly SlideFacts[];
  readonly minutes: number;
  readonly #byId: ReadonlyMap<string, SlideFacts>;

  /** onlyShort: whether the way leads through the short path alone; all other slides can still be jumped to. */
  constructor(
    readonly slides: readonly SlideFacts[],
    readonly onlyShort = false,
  ) {
    const main = slides.filter((slide) => slide.below === null);
    const short = main.filter((slide) => slide.short);
    this.path = onlyShort && short.length > 0 ? short : main;
    this.minutes = sum(this.path);
    this.#byId = new Map(slides.map((slide) => [slide.id, slide]));
  }

  get first(): Place {
    return entering(this.path[0]!);
  }

  get last(): Place {
    return leaving(this.path.at(-1)!);
  }

  find(id: string): SlideFacts | undefined {
    return this.#byId.get(id);
  }

  /** The nearest place that exists, or null if there is no such slide. */
  nearest({ slide, step }: Place): Place | null {
    const facts = this.find(slide);
    return facts ? { slide, step: Math.min(Math.max(1, step), facts.steps) } : null;
  }

  next({ slide, step }: Place): Place | null {
    const facts = this.find(slide)!;
    if (step < facts.steps) return { slide, step: step + 1 };
    const at = this.#index(facts);
    const following = this.path.find((other) => this.#index(other) > at);
    return following ? entering(following) : null;
  }

  previous({ slide, step }: Place): Place | null {
    const facts = this.find(slide)!;
    if (step > 1) return { slide, step: step - 1 };
    if (facts.below !== null) return leaving(this.find(facts.below)!);
    const at = this.#index(facts);
    const before = this.path.filter((other) => this.#index(other) < at).at(-1);
    return before ? leaving(before) : null;
  }

  /** From a slide down to its wrong program, from there to the next one if there are several, and back up. */
  wrong({ slide }: Place): Place | null {
    const facts = this.find(slide)!;
    const below = this.slides.filter((other) => other.below === (facts.below ?? slide));
    const following = below[below.indexOf(facts) + 1];
    if (following) return entering(following);
    return this.right({ slide, step: 1 });
  }

  /** From a wrong program back up to the right one. */
  right({ slide }: Place): Place | null {
    const { below } = this.find(slide)!;
    return below === null ? null : leaving(this.find(below)!);
  }

  /** When a place begins and ends, in minutes of this path; a slide off the path takes no time of it. */
  planned({ slide, step }: Place): { from: number; to: number } {
    const facts = this.find(slide)!;
    const at = this.#index(facts);
    const before = sum(this.path.filter((other) => this.#index(other) < at));
    if (!this.path.includes(facts)) return { from: before, to: before };
    const share = facts.minutes / facts.steps;
    return { from: before + share * (step - 1), to: before + share * step };
  }

  #index(facts: SlideFacts): number {
    return this.slides.indexOf(facts);
  }
}

function sum(slides: readonly SlideFacts[]): number {
  return slides.reduce((minutes, slide) => minutes + slide.minutes, 0);
}

function entering(slide: SlideFacts): Place {
  return { slide: slide.id, step: 1 };
}

function leaving(slide: SlideFacts): Place {
  return { slide: slide.id, step: slide.steps };
}
