/*
 * Leads a reader from a result of the search to its place: `slide-20.html#found=17:hello` is the 17th block of the page, in
 * which "hello" is marked. What is folded is opened; the place is scrolled to, framed, and focused, so that a screen
 * reader goes on from there.
 */

import { placesOf, wordsOf } from "./search.ts";

// The same elements as BLOCKS in lecture/outputs/search.py.
const BLOCKS = "h1, h2, h3, h4, h5, h6, li, p, dt, dd, th, td, summary, div.text, div.center, figcaption, desc, pre";

/** The part of a link after its page. */
export function linkToBlock(number: number, question: string): string {
  return `#found=${number}:${encodeURIComponent(question)}`;
}

function parse(hash: string): { number: number; question: string } | null {
  const match = /^#found=(\d+):(.*)$/.exec(hash);
  try {
    return match ? { number: Number(match[1]), question: decodeURIComponent(match[2] ?? "") } : null;
  } catch {
    return null; // an address that somebody has cut
  }
}

/** Go to the place that the page's address names, if it names one. */
export function showPlaceFound(): void {
  const wanted = parse(location.hash);
  const main = document.querySelector("main");
  if (!wanted || !main) return;
  document.querySelector(".found")?.classList.remove("found");
  const block = main.querySelectorAll(BLOCKS)[wanted.number];
  const place = block?.closest("svg")?.closest("figure") ?? block;
  if (!(place instanceof HTMLElement)) return;
  for (let folded = place.closest("details"); folded; folded = folded.parentElement?.closest("details") ?? null) folded.open = true;
  const ranges = mark(main, place, wordsOf(wanted.question));
  place.classList.add("found");
  if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
  reveal(place, ranges[0]);
}

/** Mark the words on the whole page; return where they stand in `place`. */
function mark(main: Element, place: Element, words: readonly string[]): Range[] {
  if (typeof Highlight === "undefined") return []; // an old browser: the frame around the place has to do
  const all = rangesIn(main, words);
  CSS.highlights.set("found", new Highlight(...all));
  return all.filter((range) => place.contains(range.startContainer));
}

/** Ranges go over the ends of elements: `self.write` is three of them when it is coloured. */
function rangesIn(root: Element, words: readonly string[]): Range[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: { node: Text; begin: number }[] = [];
  let text = "";
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    if (node.parentElement?.closest("style")) continue;
    nodes.push({ node, begin: text.length });
    text += node.data;
  }
  const at = (offset: number): [Text, number] | null => {
    const found = nodes.findLast(({ begin }) => begin <= offset);
    return found ? [found.node, offset - found.begin] : null;
  };
  return placesOf(text, words).flatMap(([begin, end]) => {
    const [from, to] = [at(begin), at(end - 1)];
    if (!from || !to) return [];
    const range = document.createRange();
    range.setStart(...from);
    range.setEnd(to[0], to[1] + 1);
    return [range];
  });
}

function reveal(place: HTMLElement, range: Range | undefined): void {
  place.scrollIntoView({ block: "center", inline: "nearest" });
  const code = place.closest("pre");
  const box = range?.getBoundingClientRect();
  if (!code || !box) return;
  if (box.right > code.getBoundingClientRect().right) code.scrollLeft = box.left - code.getBoundingClientRect().left - 40;
  const middle = (box.top + box.bottom) / 2;
  if (middle < 0 || middle > innerHeight - 80) scrollBy(0, middle - innerHeight / 2);
}
