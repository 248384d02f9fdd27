import assert from "node:assert/strict";
import test from "node:test";

import { questionAt } from "../../src/stepper/question.ts";
import { quoted, sentence, why } from "../../src/stepper/words.ts";
import { SAMPLE } from "./sample.ts";

test("each step is told in a sentence", () => {
  assert.equal(sentence(SAMPLE, 5), `client.py writes b"it's\\n" to c1 (Hello) (client.py:1)`);
  assert.equal(sentence(SAMPLE, 7), "the network delivers 5 bytes");
  assert.equal(sentence(SAMPLE, 9), "the poller tells server.py: c2 (Echo) is ready, readable");
  assert.equal(sentence(SAMPLE, 12), `server.py prints "got it's\\n" (server.py:2)`);
});

test("long data is cut, and its size told", () => {
  const steps = [{ time: 0, kind: "data.written", program: 0, thing: "c1", data: "x".repeat(60), size: 1234 }];
  assert.equal(sentence({ ...SAMPLE, steps }, 0), `server.py writes b'${"x".repeat(38)}… (1,234 bytes) to c1 (Hello)`);
});

test("a kind that is not known is named", () => {
  assert.equal(sentence({ ...SAMPLE, steps: [{ time: 0, kind: "tea.served" }] }, 0), "tea.served");
});

test("an output leads back to the write at the other end, and to the beginning of that program", () => {
  assert.deepEqual(why(SAMPLE, 12), [10, 5, 3]);
  assert.deepEqual(why(SAMPLE, 7), [6, 5, 3]);
  assert.deepEqual(why(SAMPLE, 9), [7, 6, 5, 3]);
  assert.deepEqual(why(SAMPLE, 0), []);
});

test("texts are quoted as Python does", () => {
  const bytes = /[ -~]/;
  assert.equal(quoted(`a\\'"\t\u00e9\u0000`, bytes), `'a\\\\\\'"\\t\\xe9\\x00'`);
});

test("what happens next is asked with at least five choices, one of them right", () => {
  const question = questionAt(SAMPLE, 5)!;
  assert.ok(question.choices.length >= 5);
  assert.equal(new Set(question.choices).size, question.choices.length);
  assert.equal(question.choices[question.right], sentence(SAMPLE, 5));
  assert.equal(question.place, 6);
  assert.equal(questionAt(SAMPLE, SAMPLE.steps.length), null);
});

test("where too little ever happens nobody is asked", () => {
  assert.equal(questionAt({ ...SAMPLE, steps: SAMPLE.steps.slice(0, 4) }, 0), null);
});
