/* The program's text with the line that runs. The number of a line that ever runs is a button: to the next time it does. */

import { button, element } from "../deck/elements.ts";
import type { Files, Timeline } from "./api.ts";
import { linesThatRun } from "./moves.ts";

export class Source {
  readonly element = element("section", { class: "st-source", "aria-label": "Program" });
  readonly #ran: ReadonlySet<string>;
  readonly #files = new Map<string, HTMLElement[]>();
  #file = "";

  constructor(
    readonly timeline: Timeline,
    readonly files: Files,
    readonly toLine: (at: string) => void,
  ) {
    this.#ran = linesThatRun(timeline);
    this.element.addEventListener("keydown", (event) => this.#walk(event));
  }

  /** Shows the line of the last step that has one. */
  show(position: number): void {
    const at = this.#at(position);
    if (!at) return;
    const colon = at.lastIndexOf(":");
    const [file, number] = [at.slice(0, colon), Number(at.slice(colon + 1))];
    const lines = this.#lines(file);
    for (const [n, line] of lines.entries()) line.classList.toggle("is-now", n === number - 1);
    const now = lines[number - 1];
    const frame = now?.parentElement;
    if (now && frame) frame.scrollTop = Math.max(0, now.offsetTop - frame.clientHeight / 2);
  }

  /** Puts the focus on the number of the line that runs, or of the first that ever does. */
  focus(): void {
    const buttons = [...this.element.querySelectorAll<HTMLElement>("button")];
    (this.element.querySelector<HTMLElement>(".is-now button") ?? buttons[0])?.focus();
  }

  #at(position: number): string | undefined {
    for (let number = position - 1; number >= 0; number--) {
      const { at } = this.timeline.steps[number]!;
      if (at && this.files[at.slice(0, at.lastIndexOf(":"))] !== undefined) return at;
    }
    return Object.keys(this.files).map((file) => `${file}:0`)[0];
  }

  #lines(file: string): HTMLElement[] {
    const lines = this.#files.get(file) ?? (this.files[file] ?? "").replace(/\n$/, "").split("\n").map((text, n) => this.#line(file, text, n + 1));
    this.#files.set(file, lines);
    if (file !== this.#file) {
      const code = element("div", { class: "st-code", tabindex: "0", role: "group", "aria-label": file }, ...lines);
      this.element.replaceChildren(element("h3", {}, file), code);
      this.#file = file;
    }
    return lines;
  }

  #line(file: string, text: string, number: number): HTMLElement {
    const at = `${file}:${number}`;
    const label = `Line ${number}: go to when it runs`;
    const gutter = this.#ran.has(at)
      ? button(String(number), () => this.toLine(at), { class: "st-number", "aria-label": label, title: label, tabindex: "-1" })
      : element("span", { class: "st-number" }, String(number));
    return element("div", { class: "st-line" }, gutter, element("code", {}, text || " "));
  }

  #walk(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || !(event.target as Element).matches("button")) return;
    const buttons = [...this.element.querySelectorAll<HTMLElement>("button")];
    buttons[buttons.indexOf(event.target as HTMLElement) + by]?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}
