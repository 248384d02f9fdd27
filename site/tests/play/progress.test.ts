import assert from "node:assert/strict";
import { test } from "node:test";
import { Progress } from "../../src/play/progress.ts";

function storage(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) } as Storage;
}

test("what was solved is known to the next window, and what that one solves is not lost", () => {
  const shared = storage();
  const [one, other] = [new Progress("talk", () => shared), new Progress("talk", () => shared)];
  one.note("first", { solved: true });
  other.note("second", { hints: 2 });
  const later = new Progress("talk", () => shared);
  assert.ok(later.isSolved("first") && !later.isSolved("second"));
  assert.equal(later.hints("second"), 2);
});

test("a pass does not forget the hints, nor a hint the pass", () => {
  const progress = new Progress("talk", storage);
  progress.note("first", { hints: 1 });
  progress.note("first", { solved: true });
  progress.note("first", { hints: 2 });
  assert.deepEqual([progress.isSolved("first"), progress.hints("first")], [true, 2]);
});

test("where the browser keeps nothing, or something else is kept, one can work all the same", () => {
  const refuses = () => {
    throw new Error("no storage");
  };
  const damaged = { getItem: () => "{", setItem: refuses } as unknown as Storage;
  for (const where of [refuses, () => damaged]) {
    const progress = new Progress("talk", where);
    progress.note("first", { solved: true });
    progress.note("second", { hints: 1 });
    assert.ok(progress.isSolved("first") && progress.hints("second") === 1);
  }
});
