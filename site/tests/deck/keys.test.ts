import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOf, bindingsIn, NumberTyped } from "../../src/deck/keys.ts";

const key = (name: string, modifiers: Partial<KeyboardEvent> = {}) => ({ key: name, ...modifiers }) as KeyboardEvent;

test("no key means two things in one window", () => {
  for (const window of ["audience", "speaker"] as const) {
    const keys = bindingsIn(window).flatMap((binding) => binding.keys);
    assert.equal(new Set(keys).size, keys.length);
  }
});

test("clickers are understood: PageDown, PageUp, a full stop", () => {
  assert.deepEqual(["PageDown", "PageUp", "."].map((name) => actionOf(key(name), "audience")), ["next", "previous", "blank"]);
});

test("the browser keeps its own keys", () => {
  for (const modifier of ["ctrlKey", "metaKey", "altKey"]) assert.equal(actionOf(key("f", { [modifier]: true }), "audience"), null);
});

test("each window has its own keys besides the shared ones", () => {
  assert.equal(actionOf(key("s"), "speaker"), null);
  assert.equal(actionOf(key("+"), "audience"), null);
  assert.equal(actionOf(key("+"), "speaker"), "larger");
});

test("digits wait for Enter; Escape forgets them; any other key takes its own meaning", () => {
  const typed = new NumberTyped();
  assert.deepEqual(["2", "0", "Enter"].map((name) => typed.press(name)), [undefined, undefined, 20]);
  assert.deepEqual(["2", "Escape", "Enter"].map((name) => typed.press(name)), [undefined, undefined, null]);
  assert.deepEqual(["2", "b", "Enter"].map((name) => typed.press(name)), [undefined, null, null]);
});
