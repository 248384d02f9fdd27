import assert from "node:assert/strict";
import { test } from "node:test";
import { search } from "../../src/deck/search.ts";

const SLIDES = [
  { id: "s1", number: 1, title: "Reading", text: "the loop reads" },
  { id: "s2", number: 2, title: "The loop", text: "turns" },
  { id: "s12", number: 12, title: "Café", text: "Protocol.dataReceived 2" },
];
const found = (query: string) => search(SLIDES, query).map(({ id }) => id);

test("a word in a title counts for more than one in the text", () => {
  assert.deepEqual(found("loop"), ["s2", "s1"]);
});

test("all words must occur, in whatever case and accent", () => {
  assert.deepEqual(found("LOOP reads"), ["s1"]);
  assert.deepEqual(found("cafe datareceived"), ["s12"]);
  assert.deepEqual(found("loop nowhere"), []);
});

test("words that stand together come before the same words here and there", () => {
  const slides = [
    { id: "s1", number: 1, title: "Words", text: "world, he received; hello" },
    { id: "s2", number: 2, title: "Hello", text: "received hello world" },
    { id: "s3", number: 3, title: "Received: the world", text: "hello" },
  ];
  assert.deepEqual(search(slides, "received hello").map(({ id }) => id), ["s2", "s3", "s1"]);
});

test("the number of a slide comes first", () => {
  assert.deepEqual(found("2"), ["s2", "s12"]);
});

test("nothing is found by nothing, and never more than asked for", () => {
  assert.deepEqual(found("  "), []);
  assert.equal(search(SLIDES, "e", 2).length, 2);
});
