/*
 * The state after some of the steps, which is the replay of all that they `set`. To go back, what was there before is
 * put back. Whatever way led to a step, the state there is the same.
 */

import type { Timeline } from "./api.ts";

type Values = Readonly<Record<string, unknown>>;

export class State {
  readonly values = new Map<string, unknown>();
  readonly #undo: Values[] = [];

  constructor(readonly timeline: Timeline) {}

  /** How many steps have been made. */
  get position(): number {
    return this.#undo.length;
  }

  /** Goes to the state after so many steps, or as near as there are. */
  goTo(position: number): void {
    const { steps } = this.timeline;
    const target = Math.min(Math.max(0, Math.trunc(position) || 0), steps.length);
    while (this.position < target) {
      const changes = steps[this.position]!.set ?? {};
      this.#undo.push(Object.fromEntries(Object.keys(changes).map((name) => [name, this.values.get(name) ?? null])));
      this.#put(changes);
    }
    while (this.position > target) this.#put(this.#undo.pop()!);
  }

  /** All names and values as one text, the names sorted: two states are the same when their texts are. */
  text(): string {
    return JSON.stringify([...this.values].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** What is known of a thing, "c1": its values by the rest of their names. */
  of(thing: string): [string, unknown][] {
    const prefix = `${thing}.`;
    return [...this.values].filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]);
  }

  /** The names of things of a kind that have a value: "c" gives c1, c2. */
  things(letter: string): string[] {
    const names = [...this.values.keys()].map((name) => name.slice(0, name.indexOf(".")));
    return [...new Set(names)].filter((name) => name[0] === letter).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  }

  #put(changes: Values): void {
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) this.values.delete(name);
      else this.values.set(name, value);
    }
  }
}
