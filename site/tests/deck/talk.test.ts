import assert from "node:assert/strict";
import { test } from "node:test";
import { linkTo, parseLink } from "../../src/deck/links.ts";
import { Talk, type SlideFacts } from "../../src/deck/talk.ts";

const slide = (id: string, facts: Partial<SlideFacts> = {}): SlideFacts => ({
  id, number: Number(/\d+/.exec(id)![0]), title: id, minutes: 1, steps: 1, short: false, below: null, ...facts,
});

const SLIDES = [
  slide("s1", { short: true }),
  slide("s2", { minutes: 3, steps: 3 }),
  slide("s3", { minutes: 2, steps: 2, short: true }),
  slide("s3w1", { below: "s3", minutes: 1, steps: 2 }),
  slide("s3w2", { below: "s3" }),
  slide("s4"),
];

/** Follow a move from a link until it leads nowhere. */
function walk(from: string, move: (talk: Talk, link: string) => string | null, talk: Talk): string[] {
  const way = [];
  for (let link: string | null = from; link !== null; link = move(talk, link)) way.push(link);
  return way;
}

const linked = (place: ReturnType<Talk["next"]>) => place && linkTo(place);
const next = (talk: Talk, link: string) => linked(talk.next(parseLink(link)!));
const previous = (talk: Talk, link: string) => linked(talk.previous(parseLink(link)!));

test("the way leads through every step and passes wrong programs by, forwards and backwards", () => {
  const way = ["#1", "#2", "#2/2", "#2/3", "#3", "#3/2", "#4"];
  assert.deepEqual(walk("#1", next, new Talk(SLIDES)), way);
  assert.deepEqual(walk("#4", previous, new Talk(SLIDES)), way.toReversed());
});

test("the short path leaves slides out, and leads on from one that was jumped to", () => {
  const talk = new Talk(SLIDES, true);
  assert.deepEqual(walk("#1", next, talk), ["#1", "#3", "#3/2"]);
  assert.equal(next(talk, "#2/3"), "#3");
  assert.equal(previous(talk, "#2"), "#1");
  assert.equal(talk.minutes, 3);
});

test("a talk without short path is whole when the short one is asked for", () => {
  assert.equal(new Talk([slide("s1"), slide("s2")], true).path.length, 2);
});

test("wrong programs follow one another, and the last leads back up", () => {
  const talk = new Talk(SLIDES);
  const wrong = (link: string) => linked(talk.wrong(parseLink(link)!));
  assert.deepEqual([wrong("#3"), wrong("#s3w1"), wrong("#s3w2")], ["#s3w1", "#s3w2", "#3/2"]);
  assert.equal(wrong("#2"), null);
  assert.equal(next(talk, "#s3w1/2"), "#4");
  assert.equal(previous(talk, "#s3w1"), "#3/2");
});

test("the nearest place has a step that exists", () => {
  const talk = new Talk(SLIDES);
  assert.deepEqual(talk.nearest({ slide: "s2", step: 9 }), { slide: "s2", step: 3 });
  assert.equal(talk.nearest({ slide: "s9", step: 1 }), null);
});

test("a step takes its share of the slide's minutes, and a wrong program none", () => {
  const talk = new Talk(SLIDES);
  assert.deepEqual(talk.planned({ slide: "s2", step: 2 }), { from: 2, to: 3 });
  assert.deepEqual(talk.planned({ slide: "s3w1", step: 2 }), { from: 6, to: 6 });
  assert.equal(talk.minutes, 7);
});
