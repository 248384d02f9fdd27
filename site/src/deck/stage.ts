/*
 * The audience's window: which slide is on the canvas, at which step, and what is done to it. reveal.js lays out,
 * scales and hides slides; the steps, their words and everything else are ours. Our steps are no fragments of reveal's,
 * since these can only appear, and ours also leave, light lines and take turns.
 */

import type { RevealApi } from "reveal.js";

import type { DeckApi, Runner } from "./api.ts";
import * as addresses from "./history.ts";
import { parseLink, samePlace, type Place } from "./links.ts";
import type { View } from "./messages.ts";
import { sections } from "./page.ts";
import { runSession } from "./run.ts";
import { nextOutputStep, outputsAt, showStep, stepInWords, stepOfAll } from "./steps.ts";
import type { Talk } from "./talk.ts";

const NOWHERE: Place = { slide: "", step: 1 };

export class Stage implements DeckApi {
  runner: Runner | null = null;
  /** Whether outputs are held back on arrival, until they are asked for. */
  holding = false;
  /** Whether the stepper stands over the slide. */
  inside = false;
  #held = false;
  #blank = false;
  #told = "";
  #running: AbortController | null = null;
  #place: Place;
  #entered: string | null = null;
  /** Where the talk was left for a wrong program; it goes on there. */
  #left: Place | null = null;
  readonly #sections = new Map(sections().map((section) => [section.id, section]));
  readonly #listeners = new Set<(place: Place) => void>();

  constructor(
    readonly talk: Talk,
    readonly reveal: RevealApi,
    readonly announce: (words: string) => void,
  ) {
    this.#place = talk.nearest(addresses.read() ?? talk.first) ?? talk.first;
    for (const section of this.#sections.values()) showStep(section, 1);
    addresses.onChange((place) => samePlace(place, this.#place) || this.#arrive(talk.nearest(place)));
    reveal.getRevealElement()!.addEventListener("click", (event) => this.#follow(event), true);
    this.#arrive(this.#place);
  }

  get section(): HTMLElement {
    return this.#sections.get(this.#place.slide)!;
  }

  view(): View {
    const scheme = document.documentElement.style.colorScheme;
    const { holding, inside } = this;
    return { kind: "view", place: this.#place, held: this.#held, holding, inside, blank: this.#blank, scheme, told: this.#told };
  }

  at(): Place {
    return this.#place;
  }

  go(slide: string | number, step = 1): boolean {
    return this.#arrive(this.talk.nearest({ slide: typeof slide === "number" ? `s${slide}` : slide, step }));
  }

  onMove(listener: (place: Place) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#place);
    return () => this.#listeners.delete(listener);
  }

  next(): boolean {
    return this.#held ? this.showOutput() : this.#arrive(this.talk.next(this.#place));
  }

  previous(): boolean {
    return this.#arrive(this.#asLeft(this.talk.previous(this.#place)), false);
  }

  wrong(): boolean {
    const place = this.talk.wrong(this.#place);
    if (place && !this.#isBelow(place)) return this.right();
    if (!this.#isBelow(this.#place)) this.#left = this.#place;
    return this.#arrive(place);
  }

  right(): boolean {
    return this.#arrive(this.#asLeft(this.talk.right(this.#place)), false);
  }

  #isBelow({ slide }: Place): boolean {
    return this.talk.find(slide)!.below !== null;
  }

  /** A place that one goes back to; from a wrong program the slide above it, at the step at which it was left. */
  #asLeft(place: Place | null): Place | null {
    return this.#isBelow(this.#place) && place?.slide === this.#left?.slide ? this.#left : place;
  }

  showOutput(): boolean {
    if (this.#held) {
      this.#hold(false);
      this.announce(outputsAt(this.section).map((output) => output.textContent).join(" "));
      this.#moved();
      return true;
    }
    const step = nextOutputStep(this.section, this.#place.step);
    return step !== null && this.go(this.#place.slide, step);
  }

  /** Hold outputs back from now on, or no more; one that is held stays so until it is asked for. */
  hold(on: boolean): void {
    this.holding = on;
    this.announce(on ? "Outputs are held back until you show them." : "Outputs are shown at once.");
    this.#moved();
  }

  blank(on = !this.#blank): void {
    this.#blank = on;
    document.documentElement.classList.toggle("is-blank", on);
    this.announce(on ? "The screen is blank." : "The screen is back.");
    this.#moved();
  }

  scheme(): void {
    const { style } = document.documentElement;
    const dark = style.colorScheme ? style.colorScheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    style.colorScheme = dark ? "light" : "dark";
    this.#moved();
  }

  async run(example?: string): Promise<string> {
    const named = example === undefined ? "" : `[data-example="${CSS.escape(example)}"]`;
    const sessions = [...this.section.querySelectorAll<HTMLElement>(`.session${named}`)];
    const session = sessions.find((each) => !each.closest(".is-hidden")) ?? sessions[0];
    if (!session) return this.tell("There is no program to run on this slide.");
    if (this.#place.step < stepOfAll(session)) this.go(this.#place.slide, stepOfAll(session));
    if (this.#held) this.showOutput();
    this.#running?.abort();
    const { signal } = (this.#running = new AbortController());
    const words = await runSession(session, this.runner, signal, (begun) => this.tell(begun));
    return signal.aborted ? words : this.tell(words);
  }

  /** Stops the program that runs, and lets a recorded run end at once. */
  stop(): void {
    this.#running?.abort();
  }

  /** Say something to all: it is announced, and stands at the lower edge until the next move. */
  tell(words: string): string {
    if (words !== this.#told) this.announce(words);
    this.#told = words;
    this.#moved();
    return words;
  }

  /** holdable: whether outputs are held back there; not when one steps back to what was seen. */
  #arrive(place: Place | null, holdable = true): boolean {
    if (!place) return false;
    const { slide, step } = place;
    this.#running?.abort();
    this.#told = "";
    this.#place = place;
    const section = this.section;
    const seen = new Set(outputsAt(section));
    const appeared = showStep(section, step);
    const entered = this.#entered !== slide;
    if (entered) this.#enter(section);
    const fresh = outputsAt(section).some((output) => entered || !seen.has(output));
    this.#hold(this.holding && holdable && fresh);
    addresses.write(place);
    if (!entered) this.announce(stepInWords(section, step, this.talk.find(slide)!.steps, appeared));
    this.#moved();
    return true;
  }

  /** Links to slides: reveal.js would take them before the browser does, and read our numbers as its own. */
  #follow(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[href^='#']");
    const place = link && this.talk.nearest(parseLink(link.hash) ?? NOWHERE);
    if (!place) return;
    event.preventDefault();
    event.stopPropagation();
    this.#arrive(place);
  }

  #enter(section: HTMLElement): void {
    this.#entered = section.id;
    const { h, v } = this.reveal.getIndices(section);
    this.reveal.slide(h, v ?? 0);
    const { number, steps } = this.talk.find(section.id)!;
    this.announce(`Slide ${number} of ${this.talk.path.at(-1)!.number}${steps > 1 ? `, ${steps} steps` : ""}.`);
    const heading = section.querySelector<HTMLElement>("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }

  #hold(on: boolean): void {
    this.#held = on;
    for (const section of this.#sections.values()) section.classList.toggle("is-holding", on && section === this.section);
  }

  #moved(): void {
    for (const listener of this.#listeners) listener(this.#place);
  }
}
