/*
 * The stepper over a slide: the run of its session, step by step. Its script is loaded when it is first asked for; the
 * place in the run stands in the address, behind the place in the talk: `#20/3@t41`, of the second session `@t41-2`.
 */

import { loadStepper, type Shown } from "../stepper/api.ts";
import { element, openDialog } from "./elements.ts";
import { linkTo, samePlace } from "./links.ts";
import type { Stage } from "./stage.ts";

const STEP = /@t(\d+)(?:-(\d+))?$/;

export class Inside {
  #shown: Shown | null = null;
  #dialog: HTMLDialogElement | null = null;
  #which = 1;

  constructor(readonly stage: Stage) {
    addEventListener("hashchange", () => this.#follow());
    let place = stage.at();
    stage.onMove((to) => {
      if (!samePlace(place, to)) this.#dialog?.close();
      place = to;
    });
    this.#follow();
  }

  toggle(): void {
    if (this.#dialog) this.#dialog.close();
    else void this.#open();
  }

  /** A key that was pressed in the speaker's window. */
  press(key: string): void {
    if (key === "i") this.toggle();
    else this.#shown?.press(key);
  }

  async #open(at?: number, which = 0): Promise<void> {
    const sessions = [...this.stage.section.querySelectorAll<HTMLElement>(".session[data-run]")];
    const seen = sessions.findIndex((one) => !one.closest(".is-hidden"));
    const number = which || Math.max(0, seen) + 1;
    const session = sessions[number - 1];
    if (!session) return void this.stage.tell("There is no run to look into on this slide.");
    this.#which = number;
    const place = element("div");
    const dialog = openDialog(`Inside the run of ${session.dataset.example}`, "inside", place);
    this.#dialog = dialog;
    this.stage.inside = true;
    dialog.addEventListener("close", () => this.#closed(), { once: true });
    try {
      const stepper = await loadStepper();
      if (this.#dialog !== dialog) return;
      this.#shown = await stepper.showSession(session, place, {
        ...(at === undefined ? {} : { at }),
        onMove: (position, words, isJump) => this.#moved(position, words, isJump),
        onClose: () => dialog.close(),
      });
      place.querySelector<HTMLElement>("button")?.focus();
    } catch {
      dialog.close();
      this.stage.tell("The run isn't beside this deck: build the lecture again.");
    }
  }

  #moved(position: number, words: string, isJump: boolean): void {
    if (!this.#dialog) return;
    const link = `${linkTo(this.stage.at())}@t${position}${this.#which > 1 ? `-${this.#which}` : ""}`;
    if (location.hash !== link) {
      if (isJump || !STEP.test(location.hash)) history.pushState(null, "", link);
      else history.replaceState(null, "", link);
    }
    this.stage.tell(words);
  }

  #closed(): void {
    this.#shown?.close();
    this.#shown = this.#dialog = null;
    this.stage.inside = false;
    if (STEP.test(location.hash)) history.pushState(null, "", linkTo(this.stage.at()));
    this.stage.tell("");
  }

  /** The address says so: open it there, go there, or close it. */
  #follow(): void {
    const [, at, which] = STEP.exec(location.hash) ?? [];
    if (at === undefined) this.#dialog?.close();
    else if (this.#shown && Number(which ?? 1) === this.#which) this.#shown.go(Number(at));
    else if (!this.#dialog) void this.#open(Number(at), Number(which ?? 1));
  }
}
