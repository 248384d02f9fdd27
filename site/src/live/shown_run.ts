/*
 * A run as one sees it: in the session of the slide, in place of what the build recorded. Each terminal keeps its
 * height and scrolls, so that a program which prints more than it did moves nothing; only where little or nothing was
 * recorded it grows by some lines. `restore` brings back the recorded outputs.
 */

import { element } from "../deck/elements.ts";

const UNTYPED = "is-untyped";
const FEWEST_LINES = 4;

export class ShownRun {
  readonly #outputs: HTMLElement[];
  readonly #recorded: Node[][];
  readonly #heights: number[];

  constructor(readonly terminals: readonly HTMLElement[]) {
    this.#outputs = terminals.map((terminal) => terminal.querySelector("samp") ?? added(terminal));
    this.#recorded = this.#outputs.map((output) => [...output.childNodes]);
    this.#heights = terminals.map((terminal) => terminal.offsetHeight);
    terminals.forEach((terminal, n) => {
      terminal.style.height = `${this.#heights[n]!}px`;
      terminal.classList.add("is-live", UNTYPED);
    });
    for (const output of this.#outputs) output.replaceChildren();
  }

  /** The sessions of an example on a slide as their terminals, in the order of the commands. */
  static terminalsOf(section: Element, example: string): HTMLElement[] {
    return [...section.querySelectorAll<HTMLElement>(`.session[data-example="${CSS.escape(example)}"] .terminal`)];
  }

  typed(place: number): void {
    this.terminals[place]?.classList.remove(UNTYPED);
  }

  append(place: number, text: string): void {
    const terminal = this.terminals[place];
    if (!terminal) return;
    this.#outputs[place]!.append(text);
    const most = Math.max(this.#heights[place]!, FEWEST_LINES * parseFloat(getComputedStyle(terminal).lineHeight));
    terminal.style.height = `${Math.min(most, terminal.scrollHeight)}px`;
    terminal.scrollTop = terminal.scrollHeight;
  }

  ended(place: number, status: number): void {
    if (status !== 0) this.append(place, `[exit ${status}]\n`);
  }

  restore(): void {
    for (const terminal of this.terminals) {
      terminal.classList.remove("is-live", UNTYPED);
      terminal.style.height = "";
    }
    this.#outputs.forEach((output, n) => output.replaceChildren(...this.#recorded[n]!));
    for (const output of this.#outputs) if (output.dataset.added) removeWithNewline(output);
  }
}

/** A command that printed nothing when it was recorded has no output on the slide. */
function added(terminal: HTMLElement): HTMLElement {
  const output = element("samp", { "data-added": "yes" });
  terminal.append("\n", output);
  return output;
}

function removeWithNewline(output: HTMLElement): void {
  output.previousSibling?.remove();
  output.remove();
}
