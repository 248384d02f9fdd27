import assert from "node:assert/strict";
import test from "node:test";

import type { Timeline } from "../../src/stepper/api.ts";
import { firstDifference, placeBeside } from "../../src/stepper/difference.ts";
import { SAMPLE } from "./sample.ts";

/** The same run, in which the server prints something else, and needed a line more until then. */
const OTHER: Timeline = {
  ...SAMPLE,
  steps: SAMPLE.steps.flatMap((step) => (step.kind === "output" ? [{ time: 0.2, kind: "line", program: 0, at: "server.py:3" }, { ...step, data: "got nothing\n" }] : [step])),
};

test("two runs that look the same from outside have no difference", () => {
  const slower = SAMPLE.steps.map((step) => ({ ...step, time: step.time * 2, ...(step.at ? { at: "other.py:9" } : {}) }));
  assert.equal(firstDifference(SAMPLE, { ...SAMPLE, steps: slower }), null);
});

test("the first difference is found in both, whatever lines they ran", () => {
  assert.deepEqual(firstDifference(SAMPLE, OTHER), { here: 13, there: 14 });
});

test("a run that ends early differs where the other goes on", () => {
  const short = { ...SAMPLE, steps: SAMPLE.steps.slice(0, 11) };
  assert.deepEqual(firstDifference(short, SAMPLE), { here: 11, there: 13 });
});

test("the run beside is where as much has been seen", () => {
  assert.deepEqual([0, 1, 6, 12, 13, 14].map((place) => placeBeside(SAMPLE, place, OTHER)), [0, 1, 6, 11, 14, 15]);
});

test("which of two programs goes on first is no difference", () => {
  const [begun, client] = [SAMPLE.steps.slice(0, 3), SAMPLE.steps.slice(3, 6)];
  const otherwise = { ...SAMPLE, steps: [...client, ...begun, ...SAMPLE.steps.slice(6)] };
  assert.equal(firstDifference(SAMPLE, otherwise), null);
  assert.deepEqual([1, 3, 6].map((place) => placeBeside(SAMPLE, place, otherwise)), [4, 4, 3]);
});
