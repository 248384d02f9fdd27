import assert from "node:assert/strict";
import test from "node:test";

import { unpack, type Packed } from "../../src/stepper/unpack.ts";

const KINDS = ["line", "turn", "output", "packet.sent", "packet.arrived", "sleep", "timer.set"];

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

test("turns are counted, and names go on from the thing and the program", () => {
  const set = { turn: 1, ".tcp": null, "k1.state": [1] };
  const [run] = unpacked([[2, 0, 0, "c1", "stdout", 0, 2, 0, "hi", 0, set], [2, 0, 0, "c1", 0, 0, 0, 0, "h", 9, set], [1, { turn: null }]]);
  assert.deepEqual(run!.steps.map(({ set: changes }) => changes), [
    { "p0.turn": 1, "c1.tcp": null, "k1.state": [1] },
    { "p0.turn": 2, "c1.tcp": null, "k1.state": [1] },
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

test("a packet that goes to and fro has the words of the one before, and numbers that go on", () => {
  const texts = ["TCP a:1 > b:2 SYN seq=0 ack=0", "<SYN ACK", "<ACK", "UDP c:9 > d:8", ">ACK", "<ACK", ">FIN ACK", "<ACK", ">ACK seq=1 ack=9"];
  const [run] = unpacked(texts.map((text, at) => [3, 0, 0, 1, text, 0, 1, 0, ...(at === 4 ? ["hello"] : at === 5 ? ["so", 40] : [])] as [number, ...unknown[]]));
  assert.deepEqual(run!.steps.map(({ text }) => text), [
    "TCP a:1 > b:2 SYN seq=0 ack=0", "TCP b:2 > a:1 SYN ACK seq=0 ack=1", "TCP a:1 > b:2 ACK seq=1 ack=1", "UDP c:9 > d:8",
    "TCP a:1 > b:2 ACK seq=1 ack=1 5 bytes", "TCP b:2 > a:1 ACK seq=1 ack=6 40 bytes", "TCP b:2 > a:1 FIN ACK seq=41 ack=6",
    "TCP a:1 > b:2 ACK seq=6 ack=42", "TCP a:1 > b:2 ACK seq=1 ack=9",
  ]);
  assert.deepEqual(run!.things.k6, { here: "b:2", there: "a:1" });
});

test("a thing may be the one before of the same program, and its first step tells its name and program", () => {
  const [run] = unpacked([[6, 0, 0, "t1", "hang_up", 0, 2], [6, 0, 0, "t2", "wake", 0, 3], [1, 0, 0, 2, 0, 0, 2], [1, 0, 0, 2, 0, 0, 3]]);
  assert.deepEqual(run!.steps.map(({ thing }) => thing), ["t1", "t2", "t1", "t2"]);
  assert.deepEqual(run!.things, { t1: { name: "hang_up", program: 0 }, t2: { name: "wake", program: 1 } });
});

test("times in the state are counted from the step, and a loop that sleeps says until when", () => {
  const [run] = unpacked([[5, 0, 0, 0, 0, 0.1, 2, { sleeps: 0.2, "t1.due": 60, "k1.arrives": [0, 1], "s1.due": 7 }], [5, { sleeps: "for ever" }], [5, 0, 0, 0, "well", { sleeps: null }]]);
  assert.deepEqual(run!.steps[0]!.set, { "p0.sleeps": 0.3, "t1.due": 60.1, "k1.arrives": [0.1, 1.1], "s1.due": 7 });
  assert.deepEqual(run!.steps.map(({ text }) => text), ["nobody is ready: sleeps until 0.3 s", "nobody is ready: sleeps until somebody is", "well"]);
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
