/* The time of day, how long the talk has gone on, and whether it is on time. */

import { button, element } from "./elements.ts";
import { clockFace, deviation, elapsed, NOT_STARTED, paceInWords, pressed, type Stopwatch } from "./pace.ts";
import { remember, remembered } from "./settings.ts";

export class SpeakersClock {
  readonly element: HTMLElement;
  readonly #day = element("span", { class: "day" });
  readonly #passed = element("strong", { class: "passed" });
  readonly #pace = element("span", { class: "pace" });
  readonly #press = button("", () => this.press(), { class: "press" });
  #planned = { from: 0, to: 0 };
  #watch: Stopwatch;

  /** talk: under this name the time is kept over a reload. minutes: planned for all of it. */
  constructor(
    readonly talk: string,
    readonly minutes: number,
  ) {
    this.#watch = remembered(`watch.${talk}`, NOT_STARTED);
    const reset = button("Reset", () => this.#set(NOT_STARTED), { class: "reset" });
    this.element = element("div", { class: "clock" }, this.#day, this.#passed, this.#pace, this.#press, reset);
    this.#show();
    setInterval(() => this.#show(), 1000);
  }

  /** The first slide was left: the talk has begun, unless the speaker started the time before. */
  begin(): void {
    if (this.#watch.startedAt === null) this.press();
  }

  /** Start the time, stop it, or let it go on. */
  press(): void {
    this.#set(pressed(this.#watch, Date.now()));
  }

  plan(planned: { from: number; to: number }): void {
    this.#planned = planned;
    this.#show();
  }

  #set(watch: Stopwatch): void {
    this.#watch = watch;
    remember(`watch.${this.talk}`, watch);
    this.#show();
  }

  #show(): void {
    const now = Date.now();
    const passed_s = elapsed(this.#watch, now);
    const { startedAt, stoppedAt } = this.#watch;
    this.#day.textContent = new Date(now).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.#passed.textContent = `${clockFace(passed_s)} of ${clockFace(this.minutes * 60)}`;
    this.#press.textContent = startedAt === null ? "Start" : stoppedAt === null ? "Stop" : "Go on";
    const behind_s = deviation(passed_s, this.#planned);
    this.#pace.textContent = startedAt === null ? "not started" : paceInWords(behind_s);
    this.#pace.classList.toggle("is-behind", startedAt !== null && behind_s > 0);
  }
}
