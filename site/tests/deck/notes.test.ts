import assert from "node:assert/strict";
import { test } from "node:test";
import { notesAt } from "../../src/deck/notes.ts";

const NOTES = { s1: [[1, 1, "first"], [2, 4, "later"], [4, 4, "at last"]] } as const;

test("a step has the notes that begin at it or before and end at it or after", () => {
  const said = [1, 2, 3, 4, 5].map((step) => notesAt(NOTES, "s1", step));
  assert.deepEqual(said, [["first"], ["later"], ["later"], ["later", "at last"], []]);
});

test("a slide of which nothing is said has none", () => {
  assert.deepEqual(notesAt(NOTES, "s2", 1), []);
});
