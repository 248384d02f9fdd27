/* One run on the page: what happened last in words, the source, what there is, the output. Who moves it, is told elsewhere. */

import { element } from "../deck/elements.ts";
import type { Run } from "./api.ts";
import { firstDifference, placeBeside, type Difference } from "./difference.ts";
import { drawOutput, drawPanels } from "./panels.ts";
import { placeOfLine } from "./moves.ts";
import { Source } from "./source.ts";
import { State } from "./state.ts";
import { sentence } from "./words.ts";

export class View {
  readonly element = element("div", { class: "st-view" });
  readonly state: State;
  readonly #source: Source;
  readonly #said = element("p", { class: "st-said" });
  readonly #panels = element("div", { class: "st-panels" });
  readonly #output = element("div");

  /** go: moves this run to a place, as a jump. */
  constructor(
    readonly run: Run,
    readonly go: (position: number) => void,
  ) {
    this.state = new State(run.timeline);
    this.#source = new Source(run.timeline, run.files, (at) => go(placeOfLine(run.timeline, this.state.position, at) ?? this.state.position));
    const title = element("h2", { class: "st-run" }, run.title);
    this.element.append(title, this.#said, element("div", { class: "st-body" }, this.#source.element, this.#output, this.#panels));
  }

  show(position: number): void {
    this.state.goTo(position);
    const { timeline } = this.run;
    const changed = new Set(Object.keys(timeline.steps[this.state.position - 1]?.set ?? {}));
    this.#said.textContent = this.words();
    this.#source.show(this.state.position);
    this.#panels.replaceChildren(...drawPanels(timeline, this.state, changed));
    this.#output.replaceChildren(drawOutput(timeline, this.state.position, this.go));
  }

  /** Where it is, and what happened last. */
  words(): string {
    const { position, timeline } = this.state;
    if (position === 0) return "Nothing has happened yet.";
    const { time } = timeline.steps[position - 1]!;
    return `Step ${position} of ${timeline.steps.length}, ${Number(time.toPrecision(6))} s: ${sentence(timeline, position - 1)}.`;
  }

  focusLines(): void {
    this.#source.focus();
  }
}

/** Two runs side by side; the second goes where as much has been seen as in the first. */
export class Comparison {
  readonly difference: Difference | null;
  readonly note = element("p", { class: "st-difference" });

  constructor(
    readonly one: View,
    readonly other: View,
  ) {
    this.difference = firstDifference(one.run.timeline, other.run.timeline);
  }

  follow(position: number): void {
    const { difference, one, other } = this;
    const isThere = difference !== null && position === difference.here;
    other.show(isThere ? difference.there : placeBeside(one.run.timeline, position, other.run.timeline));
    for (const view of [one, other]) view.element.classList.toggle("is-different", difference !== null && position >= difference.here);
    this.note.textContent =
      difference === null
        ? "Both do the same, as far as one can see from outside."
        : position < difference.here
          ? `Both do the same until step ${difference.here}: key d goes there.`
          : isThere
            ? "Here they differ first."
            : `They differ since step ${difference.here}.`;
  }
}
