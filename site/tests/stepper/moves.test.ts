import assert from "node:assert/strict";
import test from "node:test";

import { actionOf, KEYS } from "../../src/stepper/keys.ts";
import { firstPlace, linesThatRun, nextPlace, placeOfLine, placeOfOutput, type Stride } from "../../src/stepper/moves.ts";
import { SAMPLE } from "./sample.ts";

function walk(stride: Stride, forwards: boolean): number[] {
  const places: number[] = [];
  let at: number | null = forwards ? 0 : SAMPLE.steps.length;
  while ((at = nextPlace(SAMPLE, at, stride, forwards)) !== null) places.push(at);
  return places;
}

test("one goes by line, event, turn, packet and output, and back the same way", () => {
  const expected: Record<Stride, number[]> = {
    line: [2, 5, 12], event: [1, 3, 4, 6, 7, 8, 11, 13, 14], turn: [9], packet: [7, 8], output: [13], step: SAMPLE.steps.map((_, n) => n + 1),
  };
  for (const [stride, places] of Object.entries(expected)) {
    assert.deepEqual(walk(stride as Stride, true), places, stride);
    assert.deepEqual(walk(stride as Stride, false), places.filter((place) => place < SAMPLE.steps.length).reverse(), stride);
  }
});

test("it begins at the first line, and at the first event where no lines were recorded", () => {
  assert.equal(firstPlace(SAMPLE), 2);
  assert.equal(firstPlace({ ...SAMPLE, steps: SAMPLE.steps.filter(({ kind }) => kind !== "line") }), 1);
});

test("a line leads to the next time that it runs, or to the first", () => {
  assert.equal(placeOfLine(SAMPLE, 0, "server.py:2"), 12);
  assert.equal(placeOfLine(SAMPLE, 13, "server.py:2"), 12);
  assert.equal(placeOfLine(SAMPLE, 0, "server.py:9"), null);
  assert.deepEqual([...linesThatRun(SAMPLE)], ["server.py:1", "client.py:1", "server.py:2"]);
});

test("every key has one meaning", () => {
  const keys = KEYS.flatMap((binding) => binding.keys);
  assert.equal(new Set(keys).size, keys.length);
  for (const binding of KEYS) for (const key of binding.keys) assert.equal(actionOf(key), binding.action);
  assert.equal(actionOf("z"), null);
});

test("what was printed leads to when it was", () => {
  assert.equal(placeOfOutput(SAMPLE, "got it"), 13);
  assert.equal(placeOfOutput(SAMPLE, "tea"), null);
});
