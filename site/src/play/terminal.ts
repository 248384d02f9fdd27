/* What the programs print, as it comes: a piece of terminal for each command of the session. */

import { element } from "../deck/elements.ts";

export class Terminal {
  private outputs: HTMLElement[] = [];
  private waiting = new Map<number, string>();
  private frame = 0;

  constructor(private readonly place: HTMLElement) {}

  /** Begins anew. */
  begin(session: string): void {
    const commands = [...session.matchAll(/^\$ (.*)$/gm)].map((found) => found[1]!);
    this.outputs = commands.map(() => element("samp"));
    this.waiting.clear();
    const typed = (command: string) => [element("span", { class: "prompt" }, "$ "), element("kbd", {}, command)];
    const parts = commands.map((command, at) => element("pre", { class: "terminal" }, ...typed(command), "\n", this.outputs[at]!));
    this.place.replaceChildren(...parts);
  }

  /** Something was printed. It is drawn with the next picture: a program may print a hundred thousand times. */
  print(place: number, text: string): void {
    this.waiting.set(place, (this.waiting.get(place) ?? "") + text);
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  /** Draws all that was printed. */
  draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    for (const [place, text] of this.waiting) this.outputs[place]?.append(text);
    this.waiting.clear();
  }

  /** How each command ended. */
  end(exits: readonly (number | null)[]): void {
    this.draw();
    exits.forEach((status, at) => {
      const words = status === null ? "still waiting …" : status ? `[exit ${status}]` : "";
      if (words) this.outputs[at]?.append(element("em", { class: "waiting" }, words));
    });
  }
}
