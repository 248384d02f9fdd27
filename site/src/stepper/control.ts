/* The stepper at work: buttons, keys, the slider, play, and the panel for questions, around one run or two. */

import { button, element } from "../deck/elements.ts";
import type { Options, Run, Shown } from "./api.ts";
import { drawQuestion, drawWhy } from "./asking.ts";
import { actionOf, KEYS, type Action, type Binding } from "./keys.ts";
import { firstPlace, nextPlace } from "./moves.ts";
import { Comparison, View } from "./view.ts";

const BEAT_MS = 700;

export class Control implements Shown {
  readonly #view: View;
  readonly #comparison: Comparison | null;
  readonly #said = element("p", { class: "unseen", role: "status", "aria-live": "polite" });
  readonly #slider: HTMLInputElement;
  readonly #panel = element("section", { class: "st-panel", "aria-live": "polite", hidden: "" });
  readonly #log = element("ol", { class: "st-log" });
  #panelShows: "why" | "next" | "help" | "" = "";
  #timer = 0;
  readonly #keys = (event: KeyboardEvent) => this.#pressed(event);

  constructor(
    readonly place: HTMLElement,
    readonly run: Run,
    readonly options: Options,
  ) {
    const { steps } = run.timeline;
    if (steps.length === 0) throw new RangeError(`the timeline of ${run.title || "this run"} has no steps: there is nothing to show`);
    this.#view = new View(run, (position) => this.#jump(position));
    this.#comparison = options.beside ? new Comparison(this.#view, new View(options.beside, () => undefined)) : null;
    this.#slider = element("input", { type: "range", min: "0", max: String(steps.length), "aria-label": "Step" });
    this.#slider.addEventListener("input", () => this.#move(Number(this.#slider.value)));
    place.classList.add("stepper");
    place.tabIndex = -1;
    place.replaceChildren(this.#toolbar(), this.#slider, this.#panel, this.#runs(), this.#logBelow(), this.#said);
    place.addEventListener("keydown", this.#keys);
    this.#move(options.at ?? firstPlace(run.timeline), false);
  }

  get position(): number {
    return this.#view.state.position;
  }

  go(position: number): void {
    this.#move(position, false);
  }

  press(key: string): boolean {
    const action = actionOf(key);
    if (action === null || (action.does === "close" && this.#panelShows === "" && !this.options.onClose)) return false;
    this.#do(action);
    return true;
  }

  close(): void {
    this.#play(false);
    this.place.removeEventListener("keydown", this.#keys);
    this.place.replaceChildren();
    this.place.classList.remove("stepper");
  }

  #toolbar(): HTMLElement {
    const strides = KEYS.filter(({ label }) => label).map((binding) => this.#button(binding, binding.label!));
    const groups = strides.flatMap((back, n) => (n % 2 ? [] : [element("span", { class: "st-pair" }, back, strideName(KEYS[n]!), strides[n + 1]!)]));
    const others = KEYS.filter(({ label, action }) => !label && action.does !== "close" && action.does !== "lines" && (action.does !== "difference" || this.#comparison));
    const names = { play: "Play", first: "Start", last: "End", why: "Why?", next: "What happens next?", difference: "First difference", help: "?" };
    const closing = this.options.onClose ? [button("Close", () => this.options.onClose!())] : [];
    const more = others.map((binding) => this.#button(binding, names[binding.action.does as keyof typeof names]));
    return element("div", { class: "st-tools", role: "toolbar", "aria-label": `Steps of ${this.run.title}` }, ...groups, ...more, ...closing);
  }

  #button({ words, shown, action }: Binding, label: string): HTMLButtonElement {
    return button(label, () => this.#do(action), { title: `${words} (${shown})`, "aria-label": /^\w/.test(label) ? label : words, class: `do-${action.does}` });
  }

  #runs(): HTMLElement {
    if (!this.#comparison) return this.#view.element;
    const { note, one, other } = this.#comparison;
    return element("div", { class: "st-two" }, note, one.element, other.element);
  }

  /** The whole run as text; made when it is asked for, since it may be long. */
  #logBelow(): HTMLElement {
    const log = element("details", {}, element("summary", {}, "The whole run as text"), this.#log);
    log.addEventListener("toggle", () => this.#log.childElementCount || this.#fillLog());
    return log;
  }

  #fillLog(): void {
    const { timeline } = this.run;
    const words = new View(this.run, () => undefined);
    for (const number of timeline.steps.keys()) {
      words.state.goTo(number + 1);
      this.#log.append(element("li", {}, button(words.words(), () => this.#jump(number + 1))));
    }
  }

  #do(action: Action): void {
    const { timeline } = this.run;
    if (action.does !== "play") this.#play(false);
    if (action.does === "stride") {
      const to = nextPlace(timeline, this.position, action.stride, action.forwards);
      if (to === null) this.#say(`There is no ${action.stride} ${action.forwards ? "after" : "before"} this step.`);
      else this.#move(to);
    } else if (action.does === "first") this.#move(0);
    else if (action.does === "last") this.#move(timeline.steps.length);
    else if (action.does === "play") this.#play(this.#timer === 0);
    else if (action.does === "lines") this.#view.focusLines();
    else if (action.does === "difference") this.#toDifference();
    else if (action.does === "close") this.#panelShows ? this.#show("") : this.options.onClose?.();
    else this.#show(this.#panelShows === action.does ? "" : action.does);
  }

  #toDifference(): void {
    const difference = this.#comparison?.difference;
    if (difference) this.#jump(difference.here);
    else this.#say(this.#comparison ? this.#comparison.note.textContent! : "There is one run only.");
  }

  #jump(position: number): void {
    this.#move(position, true);
  }

  /** isJump: whether the way back is worth an entry in the history. */
  #move(position: number, isJump = false): void {
    const hadFocus = this.place.contains(document.activeElement);
    this.#view.show(position);
    this.#comparison?.follow(this.position);
    this.#slider.value = String(this.position);
    const words = this.#view.words();
    this.#slider.setAttribute("aria-valuetext", words);
    this.#say(words);
    if (this.#panelShows === "why") this.#show("why");
    else if (this.#panelShows === "next" && !this.#panel.querySelector(":disabled")) this.#show("");
    if (hadFocus && !this.place.contains(document.activeElement)) this.place.focus(); // what had it was drawn anew
    this.options.onMove?.(this.position, words, isJump);
  }

  #say(words: string): void {
    this.#said.textContent = words;
  }

  #show(what: "why" | "next" | "help" | ""): void {
    const go = (position: number) => this.#jump(position);
    const drawn = { why: () => drawWhy(this.run.timeline, this.position, go), next: () => drawQuestion(this.run.timeline, this.position, go), help: helpTable, "": () => [] };
    const hadFocus = this.#panel.contains(document.activeElement);
    this.#panelShows = what;
    this.#panel.hidden = what === "";
    this.#panel.replaceChildren(...drawn[what]());
    if (hadFocus) this.place.focus();
  }

  #play(on: boolean): void {
    clearInterval(this.#timer);
    this.#timer = on ? window.setInterval(() => this.#beat(), BEAT_MS) : 0;
    const tool = this.place.querySelector(".do-play");
    if (tool) tool.textContent = on ? "Stop" : "Play";
    tool?.setAttribute("aria-label", on ? "Stop" : "Play");
  }

  #beat(): void {
    const to = nextPlace(this.run.timeline, this.position, "line", true) ?? nextPlace(this.run.timeline, this.position, "event", true);
    if (to === null) this.#play(false);
    else this.#move(to);
  }

  #pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const on = event.target as Element;
    if ((key === "Enter" || key === " ") && on.matches("button, summary")) return event.stopPropagation();
    if (on === this.#slider && key !== "Escape") return event.stopPropagation();
    if (!this.press(key)) return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function strideName({ action }: Binding): string {
  return action.does === "stride" ? action.stride : "";
}

function helpTable(): HTMLElement[] {
  const rows = KEYS.map(({ shown, words }) => element("tr", {}, element("th", { scope: "row" }, element("kbd", {}, shown)), element("td", {}, words)));
  return [element("h2", {}, "Keys"), element("table", {}, element("tbody", {}, ...rows))];
}
