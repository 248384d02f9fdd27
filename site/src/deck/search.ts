/*
 * Finds slides by words: all of them must occur, those in a title count for more than those in the text, and words that
 * stand together as they were typed for more than the same words here and there.
 */

export interface Findable {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** Everything on the slide, code and outputs too. */
  readonly text: string;
}

/** At most `limit` slides, the best first; none for a query without words. */
export function search(slides: readonly Findable[], query: string, limit = 12): Findable[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return slides
    .map((slide) => ({ slide, score: scoreOf(slide, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ slide }) => slide);
}

function scoreOf({ number, title, text }: Findable, words: readonly string[]): number {
  const [inTitle, inText] = [folded(title), folded(text)];
  let score = words.length > 1 && inText.includes(words.join(" ")) ? 15 : 0;
  for (const word of words) {
    if (String(number) === word) score += 100;
    else if (inTitle.startsWith(word) || inTitle.includes(` ${word}`)) score += 20;
    else if (inTitle.includes(word)) score += 10;
    else if (inText.includes(word)) score += 1;
    else return 0;
  }
  return score;
}

/** Small letters without accents, so that "hello" finds "Héllo". */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
