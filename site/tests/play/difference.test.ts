import assert from "node:assert/strict";
import { test } from "node:test";
import { applied, difference } from "../../src/play/difference.ts";

function random(seed: number): () => number {
  return () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
}

test("the changes of any two texts lead from one to the other", () => {
  const next = random(7);
  const text = () => Array.from({ length: Math.floor(next() * 12) }, () => "abc"[Math.floor(next() * 3)]).join("\n");
  for (let n = 0; n < 2000; n++) {
    const [before, after] = [text(), text()];
    assert.equal(applied(before, difference(before, after)), after);
  }
});

test("what is the same has no changes, and one changed line is one change", () => {
  assert.deepEqual(difference("a\nb\nc", "a\nb\nc"), []);
  assert.deepEqual(difference("a\nb\nc", "a\nX\nc"), [[1, 1, ["X"]]]);
  assert.deepEqual(difference("a\nb\nc\nd\ne", "a\nB\nc\nd\nE"), [[1, 1, ["B"]], [4, 1, ["E"]]]);
});

test("texts too long to compare line by line are replaced from the first difference to the last", () => {
  const long = (word: string) => Array.from({ length: 1500 }, (_, n) => `${word} ${n}`).join("\n");
  const [before, after] = [`same\n${long("a")}\nend`, `same\n${long("b")}\nend`];
  assert.equal(difference(before, after).length, 1);
  assert.equal(applied(before, difference(before, after)), after);
});

test("changes of another text are refused", () => {
  assert.throws(() => applied("a", [[3, 1, []]]), RangeError);
  assert.throws(() => applied("a\nb", [[1, 1, []], [0, 1, []]]), RangeError);
});
