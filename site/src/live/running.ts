/*
 * Runs of real programs on the speaker's machine: begun and stopped from the speaker's pages, seen on all of them. The
 * deck asks for a run by its `runner`; what is printed comes back to every page alike.
 */

import type { DeckApi, Runner } from "../deck/api.ts";
import type { Connection } from "./connection.ts";
import type { RunEvent } from "./messages.ts";
import { ShownRun } from "./shown_run.ts";

export class Running {
  /** Whether a program runs now. */
  isOn = false;
  #example = "";
  #shown: ShownRun | null = null;
  #slide = "";
  #began: ((begun: boolean) => void) | null = null;

  constructor(
    readonly deck: DeckApi,
    readonly connection: Connection,
    readonly isSpeaker: () => boolean,
  ) {
    deck.runner = (example, session, signal) => this.#run(example, session, signal);
    deck.onMove(({ slide }) => slide === this.#slide || this.#restore());
  }

  stop(): void {
    this.connection.say({ type: "stop", late: false });
  }

  hear(event: RunEvent): void {
    if (event.what === "started") return this.#start(event.example, event.edited);
    if (event.what === "typed") return this.#shown?.typed(event.place);
    if (event.what === "cut") return this.#shown?.append(event.place, "… and more\n");
    if (event.what === "output" || event.what === "ended") {
      this.#begun(true);
      if (event.what === "output") this.#shown?.append(event.place, event.text);
      else this.#shown?.ended(event.place, event.status);
      return;
    }
    this.isOn = false;
    if (event.what === "recorded") return this.#playRecorded();
    this.#begun(true);
    setTimeout(() => this.deck.tell(inWords(event))); // after the deck has told that it runs
  }

  /** The deck's Runner: resolves when the first line is there, or when the server says that none will be. */
  #run(example: string, _session: HTMLElement, signal: AbortSignal): ReturnType<Runner> {
    if (!this.isSpeaker() || !this.connection.isOpen) return Promise.resolve(false);
    if (this.isOn) this.stop();
    signal.addEventListener("abort", () => this.connection.say({ type: "stop", late: signal.reason === "late" }), { once: true });
    this.connection.say({ type: "run", example });
    return new Promise((resolve) => {
      this.#began = resolve;
    });
  }

  #start(example: string, edited: boolean): void {
    this.#restore();
    this.#example = example;
    this.isOn = true;
    this.#slide = this.deck.at().slide;
    const section = document.getElementById(this.#slide);
    const terminals = section ? ShownRun.terminalsOf(section, example) : [];
    if (terminals.length > 0) this.#shown = new ShownRun(terminals);
    this.deck.tell(`${edited ? "Your text of " : ""}${example} runs on the speaker's machine.`);
  }

  #playRecorded(): void {
    const shown = this.#shown;
    this.#restore();
    if (this.#began) this.#begun(false);
    else if (shown) void this.deck.run(this.#example); // the speaker's deck plays it by itself, and so do we
  }

  #begun(begun: boolean): void {
    this.#began?.(begun);
    this.#began = null;
  }

  #restore(): void {
    this.#shown?.restore();
    this.#shown = null;
  }
}

type End = Extract<RunEvent, { what: "held" | "error" | "stopped" }>;

function inWords(end: End): string {
  switch (end.what) {
    case "held":
      return end.held ? "It ran just now, as it was recorded." : "It ran just now, and printed something else than was recorded.";
    case "error":
      return end.message.split("\n", 1)[0]!;
    case "stopped":
      return "Stopped.";
  }
}
