/*
 * Places in the deck as links write them: `#20` is slide 20, `#20/3` its third step, `#s20w1` the slide below it that
 * shows a wrong program, by its id.
 */

/** Where the talk is. slide: the id of a section; step: from 1. */
export interface Place {
  readonly slide: string;
  readonly step: number;
}

const LINK = /^#?(?:(?<number>\d+)|(?<id>[a-z][\w-]*))(?:\/(?<step>\d+))?(?:@.*)?$/i;

/** The place that a link leads to, or null if it is no link to a slide. What follows an @ is for others to read. */
export function parseLink(link: string): Place | null {
  const { number, id, step } = LINK.exec(link)?.groups ?? {};
  if (number === undefined && id === undefined) return null;
  return { slide: id ?? `s${Number(number)}`, step: Math.max(1, Number(step ?? 1)) };
}

/** The link to a place, with its #. */
export function linkTo({ slide, step }: Place): string {
  const name = /^s[1-9]\d*$/.test(slide) ? slide.slice(1) : slide;
  return step > 1 ? `#${name}/${step}` : `#${name}`;
}

export function samePlace(a: Place, b: Place): boolean {
  return a.slide === b.slide && a.step === b.step;
}
