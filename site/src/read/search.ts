/*
 * Looks for words in the text of a whole lecture (lecture/outputs/search.py writes it). Pure: it knows no page.
 *
 * There is no index: looking through a lecture's text takes a millisecond, finds parts of words too, and the text is
 * there to be shown. A slide is a result when each word that was asked for stands on it somewhere; it leads to the block
 * that has the most of them.
 */

/** A piece of a page: its number among the blocks of the page, what kind of thing it is, and its text. */
export type Block = readonly [number: number, kind: string, text: string];
/** A slide: its page, and its blocks. */
export type SlideText = readonly [page: string, ...blocks: Block[]];

/** A place where something was found. */
export interface Result {
  readonly page: string;
  readonly title: string;
  readonly number: number;
  readonly kind: string;
  readonly excerpt: string;
}

interface Folded {
  readonly page: string;
  readonly title: string;
  readonly blocks: readonly { readonly block: Block; readonly folded: string }[];
}

const WORTH: Readonly<Record<string, number>> = { title: 8, words: 3, code: 2, output: 2, caption: 1, picture: 1 };
const AROUND = 60; // characters shown at each side of what was found
const MOST_OF_A_SLIDE = 3;

/** The text as it is compared: without case, and without accents where that keeps its length. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  const plain = lower.normalize("NFD").replace(/\p{M}/gu, "");
  return plain.length === text.length ? plain : lower.length === text.length ? lower : text;
}

/** The words of a question; what stands in "quotes" is one. */
export function wordsOf(question: string): string[] {
  const words = [...question.matchAll(/"([^"]+)"?|(\S+)/g)].map(([, quoted, word]) => fold(quoted ?? word ?? "").trim());
  return [...new Set(words)].filter(Boolean);
}

export class Searcher {
  readonly #slides: readonly Folded[];

  constructor(slides: readonly SlideText[]) {
    this.#slides = slides.map(([page, ...blocks]) => ({
      page,
      title: blocks.find(([, kind]) => kind === "title")?.[2] ?? page,
      blocks: blocks.map((block) => ({ block, folded: fold(block[2]) })),
    }));
  }

  /** Where all words of the question stand, the best first; several places of one slide stay together. */
  find(question: string): Result[] {
    const words = wordsOf(question);
    if (!words.length) return [];
    const slides = this.#slides.map((slide) => ranked(slide, words)).filter((found) => found !== null);
    return slides.sort((a, b) => b.worth - a.worth).flatMap(({ results }) => results);
  }
}

function ranked(slide: Folded, words: readonly string[]): { worth: number; results: Result[] } | null {
  const { page, title, blocks } = slide;
  if (!words.every((word) => blocks.some(({ folded }) => folded.includes(word)))) return null;
  const found = blocks
    .map(({ block, folded }) => ({ block, folded, worth: worthOf(folded, block[1], words) }))
    .filter(({ worth }) => worth > 0)
    .sort((a, b) => b.worth - a.worth);
  const results = found.slice(0, MOST_OF_A_SLIDE).map(({ block: [number, kind, text], folded }) => ({
    page, title, number, kind, excerpt: excerpt(text, folded, words, kind),
  }));
  return { worth: (found[0]?.worth ?? 0) + 0.1 * found.length, results };
}

/** More for each word, for a word from its beginning or whole, for words in a title, and for words that stand together. */
function worthOf(folded: string, kind: string, words: readonly string[]): number {
  let worth = words.length > 1 && folded.includes(words.join(" ")) ? 15 : 0;
  for (const word of words) {
    const at = folded.indexOf(word);
    if (at < 0) continue;
    worth += 10 + (WORTH[kind] ?? 0);
    if (!isLetter(folded[at - 1])) worth += isLetter(folded[at + word.length]) ? 2 : 4;
  }
  return worth;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}

/** The line, or the part of a long text, in which the first of the words stands. */
function excerpt(text: string, folded: string, words: readonly string[], kind: string): string {
  const at = Math.max(0, Math.min(...words.map((word) => folded.indexOf(word)).filter((place) => place >= 0)));
  if (kind === "code" || kind === "output") {
    const end = text.indexOf("\n", at);
    return text.slice(text.lastIndexOf("\n", at) + 1, end < 0 ? undefined : end).trim();
  }
  const begin = at > AROUND ? text.lastIndexOf(" ", at - AROUND) + 1 : 0;
  const end = text.indexOf(" ", at + 2 * AROUND);
  return `${begin ? "… " : ""}${text.slice(begin, end < 0 ? undefined : end)}${end < 0 ? "" : " …"}`;
}

/** Where the words stand in a text: pairs of begin and end, in order, none over another. */
export function placesOf(text: string, words: readonly string[]): [number, number][] {
  const folded = fold(text);
  const places: [number, number][] = [];
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) places.push([at, at + word.length]);
  }
  places.sort(([a, longA], [b, longB]) => a - b || longB - longA);
  let free = 0;
  return places.filter(([begin, end]) => {
    if (begin < free) return false;
    free = end;
    return true;
  });
}
