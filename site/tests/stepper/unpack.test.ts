import assert from "node:assert/strict";
import test from "node:test";

import { unpack, type Packed } from "../../src/stepper/unpack.ts";

const KINDS = ["line", "turn", "output", "packet.sent", "packet.arrived"];

/** The runs of a script with these lists of rows. */
function unpacked(...steps: Packed["runs"][number]["steps"][]) {
  const runs = steps.map((rows) => ({ name: "a", files: {}, programs: [{ name: "a.py" }], things: {}, left_out: 0, steps: rows }));
  return unpack({ kinds: KINDS, texts: [], runs }).map(({ timeline }) => timeline);
}

test("what a row leaves out is as it was before", () => {
  const [run] = unpacked([[0, "a.py:7", 0, 0, 0, 0.1, 2], [0, 2], [0, "", 1], [0, "b:c.py:1"], [0, "", -1, 0, 0, 0.2, 1]]);
  assert.deepEqual(run!.steps, [
    { time: 0.1, kind: "line", program: 0, at: "a.py:7" },
    { time: 0.1, kind: "line", program: 0, at: "a.py:9" },
    { time: 0.1, kind: "line", program: 0, in: 1, at: "a.py:9" },
    { time: 0.1, kind: "line", program: 0, in: 1, at: "b:c.py:1" },
    { time: 0.3, kind: "line", at: ":0" },
  ]);
});

test("turns and printed characters are counted, and names go on from the thing and the program", () => {
  const set = { printed: 2, turn: 1, ".tcp": null, "k1.arrives": [1] };
  const [run] = unpacked([[2, 0, 0, "c1", "stdout", 0, 2, 0, "hi", 0, set], [2, 0, 0, "c1", 0, 0, 0, 0, "h", 9, set], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, { turn: null }]]);
  assert.deepEqual(run!.steps.map(({ set: changes }) => changes), [
    { "p0.printed": 2, "p0.turn": 1, "c1.tcp": null, "k1.arrives": [1] },
    { "p0.printed": 4, "p0.turn": 2, "c1.tcp": null, "k1.arrives": [1] },
    { "p0.turn": null },
  ]);
  assert.deepEqual(run!.steps.map(({ size }) => size), [2, 9, undefined]);
});

test("packets are numbered as they are sent, and their ends are in their words", () => {
  const [run] = unpacked([[3, 0, 0, 1, "TCP a:1 > b:2 SYN", 0, 1], [4, 0, 0, 1, " at b", 0, 0, 1], [3, 0, 0, "k5", "UDP b:2 > a:1"], [3, 0, 0, 1, "UDP b:2 > a:1"]]);
  assert.deepEqual(run!.steps.map(({ thing, text, because }) => [thing, text, because]), [
    ["k1", "TCP a:1 > b:2 SYN", undefined], ["k1", "TCP a:1 > b:2 SYN at b", [0]], ["k5", "UDP b:2 > a:1", undefined], ["k6", "UDP b:2 > a:1", undefined],
  ]);
  assert.deepEqual(run!.things, { k1: { here: "a:1", there: "b:2" }, k5: { here: "b:2", there: "a:1" }, k6: { here: "b:2", there: "a:1" } });
});

test("rows are copied from this run and from those before it, which may be the ones that are being copied", () => {
  const [one, other] = unpacked([[0, "a.py:1", 0, 0, 0, 0, 2], [0, 1], [-3, 1]], [[-2, 5], [-4, 2]]);
  assert.deepEqual(one!.steps.map(({ at }) => at), ["a.py:1", "a.py:2", "a.py:3", "a.py:4", "a.py:5"]);
  assert.deepEqual(other!.steps.map(({ at }) => at), ["a.py:1", "a.py:2", "a.py:1", "a.py:2", "a.py:1", "a.py:2"]);
});

test("runs share the texts of their programs", () => {
  const run = { programs: [], things: {}, left_out: 0, steps: [] };
  const runs = unpack({ kinds: [], texts: ["x", "y"], runs: [{ name: "a", files: { "s.py": 0 }, ...run }, { name: "b", files: { "s.py": 0, "c.py": 1 }, ...run }] });
  assert.deepEqual(runs.map(({ title, files }) => [title, files]), [["a", { "s.py": "x" }], ["b", { "s.py": "x", "c.py": "y" }]]);
});
