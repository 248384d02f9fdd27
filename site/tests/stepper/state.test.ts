import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";

import type { Timeline } from "../../src/stepper/api.ts";
import { State } from "../../src/stepper/state.ts";
import { SAMPLE } from "./sample.ts";

const hash = (state: State) => createHash("sha256").update(state.text()).digest("hex");

/** Numbers that look random and are the same each time. */
function* numbers(seed: number): Generator<number> {
  for (;;) yield (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31);
}

/** A long run, in which names come, change and go. */
function long(): Timeline {
  const next = numbers(1);
  const steps = Array.from({ length: 700 }, (_, time) => {
    const name = `c${next.next().value! % 9}.buffer`;
    const value = next.next().value! % 4;
    return { time, kind: "turn", set: { [name]: value === 0 ? null : [value, "x".repeat(value)], "p0.turn": time } };
  });
  return { programs: [{ name: "a.py" }], things: {}, steps };
}

for (const [name, timeline] of Object.entries({ "the sample": SAMPLE, "a long run": long() })) {
  test(`a thousand random jumps in ${name} give the state of a fresh replay`, () => {
    const state = new State(timeline);
    const next = numbers(7);
    for (let jump = 0; jump < 1000; jump++) {
      state.goTo(next.next().value! % (timeline.steps.length + 1));
      const fresh = new State(timeline);
      fresh.goTo(state.position);
      assert.equal(hash(state), hash(fresh));
    }
  });
}

test("one cannot go before the beginning, nor behind the end", () => {
  const state = new State(SAMPLE);
  state.goTo(-3);
  assert.equal(state.position, 0);
  state.goTo(1e9);
  assert.equal(state.position, SAMPLE.steps.length);
  state.goTo(Number.NaN);
  assert.equal(state.position, 0);
});

test("what a thing has is known by its name alone", () => {
  const state = new State(SAMPLE);
  state.goTo(8);
  assert.deepEqual(state.of("c2"), [["kernel_in", [5, "it's\n"]]]);
  assert.deepEqual(state.things("p"), ["p0", "p1"]);
});
