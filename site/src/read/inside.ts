/*
 * A button below each session whose run can be seen step by step; the stepper's script is loaded when it is pressed. The
 * address says where it is: `#t41` in the first session of the page, `#t41-2` in the second.
 */

import { loadStepper, type Shown } from "../stepper/api.ts";
import { make } from "./page.ts";

const STEP = /^#t(\d+)(?:-(\d+))?$/;

class RunBelow {
  readonly #button: HTMLButtonElement;
  #place: HTMLElement | null = null;
  #shown: Shown | null = null;

  constructor(
    readonly session: HTMLElement,
    readonly number: number,
  ) {
    const isQuestion = session.matches("details.ask");
    this.#button = make("button", isQuestion ? "Guess first, in the run" : "Step through this run", undefined, "tool inside");
    this.#button.type = "button";
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.addEventListener("click", () => (this.#place ? this.close() : void this.open()));
    session.after(this.#button);
  }

  /** Open it, or go there if it is open. */
  async open(at?: number): Promise<void> {
    if (this.#shown && at !== undefined) return this.#shown.go(at);
    if (this.#place) return;
    this.#place = make("div", "");
    const box = make("div", "");
    box.append(this.#place);
    this.#button.after(box);
    this.#button.setAttribute("aria-expanded", "true");
    this.session.parentElement!.closest("details")?.setAttribute("open", ""); // the wrong program's; a question keeps its answer
    try {
      const stepper = await loadStepper();
      const start = at === undefined ? {} : { at };
      const hooks = { ...start, onMove: (to: number, _: string, isJump: boolean) => this.#moved(to, isJump), onClose: () => this.close() };
      this.#shown = await stepper.showSession(this.session, this.#place, hooks);
      this.#place.querySelector("button")?.focus();
    } catch {
      box.textContent = "The run isn't beside this page: build the lecture again.";
      box.setAttribute("role", "status");
    }
  }

  close(): void {
    this.#shown?.close();
    this.#shown = null;
    this.#place?.parentElement?.remove();
    this.#place = null;
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.focus();
    if (STEP.test(location.hash)) history.pushState(null, "", location.pathname + location.search);
  }

  get isOpen(): boolean {
    return this.#place !== null;
  }

  #moved(to: number, isJump: boolean): void {
    const link = `#t${to}${this.number > 1 ? `-${this.number}` : ""}`;
    if (location.hash === link) return;
    if (isJump || !STEP.test(location.hash)) history.pushState(null, "", link);
    else history.replaceState(null, "", link);
  }
}

/** Make the buttons, and open the run that the address names. */
export function offerRuns(): void {
  const sessions = [...document.querySelectorAll<HTMLElement>("[data-run]")];
  const runs = sessions.map((session, n) => new RunBelow(session, n + 1));
  const follow = () => {
    const [, at, number] = STEP.exec(location.hash) ?? [];
    const named = at === undefined ? undefined : runs[Number(number ?? 1) - 1];
    if (named) void named.open(Number(at));
    else for (const run of runs) if (run.isOpen && location.hash === "") run.close();
  };
  addEventListener("hashchange", follow);
  follow();
}
