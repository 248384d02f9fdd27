import assert from "node:assert/strict";
import { test } from "node:test";
import { Searcher, fold, placesOf, wordsOf, type SlideText } from "../../src/read/search.ts";

const TALK: SlideText[] = [
  ["slide-01.html", [0, "title", "Client Side Protocol"], [1, "words", "The client calls, the server answers"], [2, "code", "def dataReceived(self, data):\n    self.transport.write(data)"]],
  ["slide-02.html", [0, "title", "Echo"], [3, "output", "$ python client.py\nreceived hello world"], [5, "words", "A café is no protocol"]],
  ["slide-03.html", [0, "title", "Nothing"], [1, "words", "silence"]],
];
const searcher = new Searcher(TALK);
const pages = (question: string) => [...new Set(searcher.find(question).map(({ page }) => page))];

test("words, code and outputs are found, each by the block it stands in", () => {
  assert.deepEqual(searcher.find("answers").map(({ page, number }) => [page, number]), [["slide-01.html", 1]]);
  assert.deepEqual(searcher.find("transport").map(({ number, kind, excerpt }) => [number, kind, excerpt]), [[2, "code", "self.transport.write(data)"]]);
  assert.deepEqual(searcher.find("hello").map(({ kind, excerpt }) => [kind, excerpt]), [["output", "received hello world"]]);
});

test("part of a word, in any case and without its accent, will do", () => {
  assert.deepEqual(pages("RECEIVED"), ["slide-02.html", "slide-01.html"]);
  assert.deepEqual(pages("cafe"), ["slide-02.html"]);
  assert.deepEqual(pages("Café"), ["slide-02.html"]);
});

test("each word must stand on the slide, in whichever block", () => {
  assert.deepEqual(pages("client transport"), ["slide-01.html"]);
  assert.deepEqual(pages("client silence"), []);
  assert.deepEqual(pages(""), []);
  assert.deepEqual(pages('   " '), []);
});

test("what stands in quotes is one word, closed or not", () => {
  assert.deepEqual(wordsOf('one "two three" four "five'), ["one", "two three", "four", "five"]);
  assert.deepEqual(pages('"hello world"'), ["slide-02.html"]);
  assert.deepEqual(pages('"world hello"'), []);
});

test("a title comes before words, a whole word before a part of one", () => {
  assert.deepEqual(searcher.find("protocol").map(({ kind }) => kind), ["title", "words"]);
  const two = new Searcher([["a", [0, "words", "an echoing hall"]], ["b", [0, "words", "an echo"]]]);
  assert.deepEqual(two.find("echo").map(({ page }) => page), ["b", "a"]);
});

test("characters that mean something in patterns are letters like others", () => {
  const odd = new Searcher([["a", [0, "code", "x = [.*] + (y)?"]]]);
  assert.equal(odd.find("[.*]").length, 1);
  assert.equal(odd.find("(y)?").length, 1);
  assert.equal(odd.find(".+").length, 0);
});

test("a long paragraph is cut to what is around the word", () => {
  const long = `${"before ".repeat(50)}needle${" after".repeat(50)}`;
  const [found] = new Searcher([["a", [0, "words", long]]]).find("needle");
  assert.match(found?.excerpt ?? "", /^… .*needle.* …$/);
  assert.ok((found?.excerpt.length ?? 999) < 220);
});

test("places don't overlap and fit the text as it was written", () => {
  assert.deepEqual(placesOf("Café cafe", ["cafe"]), [[0, 4], [5, 9]]);
  assert.deepEqual(placesOf("aaaa", ["aa", "aaa"]), [[0, 3]]);
  assert.equal(fold("İstanbul").length, "İstanbul".length);
});

test("a query over a thousand slides takes less than 50 ms of the processor", () => {
  const paragraph = "the transport keeps what the kernel does not take and the protocol never knows ".repeat(12);
  const many: SlideText[] = Array.from({ length: 1000 }, (_, n) => [
    `slide-${n}.html`, [0, "title", `Slide ${n}`], [1, "words", paragraph], [2, "code", `${paragraph}\nneedle${n}`],
  ]);
  const large = new Searcher(many);
  large.find("warm up");
  for (const question of ["transport", "needle999", "kernel protocol never", "absent"]) {
    const before = process.cpuUsage();
    large.find(question);
    const used = process.cpuUsage(before);
    assert.ok((used.user + used.system) / 1000 < 50, `${question}: ${(used.user + used.system) / 1000} ms`);
  }
});
