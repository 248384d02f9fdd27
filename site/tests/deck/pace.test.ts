import assert from "node:assert/strict";
import { test } from "node:test";
import { clockFace, deviation, elapsed, NOT_STARTED, paceInWords, pressed } from "../../src/deck/pace.ts";

test("within the minutes of a step, and half a minute around them, one is on time", () => {
  for (const seconds of [60, 90, 120, 149, 31]) assert.equal(deviation(seconds, { from: 1, to: 2 }), 0, String(seconds));
});

test("the pace is told from the end of the step when late, from its beginning when early", () => {
  assert.equal(paceInWords(deviation(300, { from: 1, to: 2 })), "3 min behind");
  assert.equal(paceInWords(deviation(0, { from: 2, to: 3 })), "2 min ahead");
  assert.equal(paceInWords(deviation(155, { from: 1, to: 2 })), "35 s behind");
  assert.equal(paceInWords(0), "on time");
});

test("a clock face has hours only when there are some", () => {
  assert.deepEqual([0, 65.9, 3845, -3].map(clockFace), ["0:00", "1:05", "1:04:05", "0:00"]);
});

test("a stopwatch starts, stops, and goes on without the time that it stood", () => {
  let watch = NOT_STARTED;
  assert.equal(elapsed(watch, 5_000), 0);
  watch = pressed(watch, 10_000);
  assert.equal(elapsed(watch, 70_000), 60);
  watch = pressed(watch, 70_000);
  assert.equal(elapsed(watch, 900_000), 60);
  watch = pressed(watch, 900_000);
  assert.equal(elapsed(watch, 930_000), 90);
});
