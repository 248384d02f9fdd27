/* The difference between two texts, by lines, as small as a link needs it. */

/** At this line (from 0), so many lines are replaced by these. In order; places are those of the old text. */
export type Change = readonly [at: number, gone: number, lines: readonly string[]];

const MOST_CELLS = 1_000_000;

export function difference(before: string, after: string): Change[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const [gone, come] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  if (!gone.length && !come.length) return [];
  if (gone.length * come.length > MOST_CELLS) return [[start, gone.length, come]];
  return changes(gone, come).map(([at, count, lines]) => [at + start, count, lines]);
}

/** By the longest common subsequence. */
function changes(old: readonly string[], now: readonly string[]): Change[] {
  const common = old.concat("").map(() => new Uint32Array(now.length + 1));
  for (let o = old.length - 1; o >= 0; o--)
    for (let n = now.length - 1; n >= 0; n--)
      common[o]![n] = old[o] === now[n] ? common[o + 1]![n + 1]! + 1 : Math.max(common[o + 1]![n]!, common[o]![n + 1]!);
  const found: [number, number, string[]][] = [];
  for (let o = 0, n = 0; o < old.length || n < now.length; ) {
    if (o < old.length && old[o] === now[n]) {
      o++, n++;
      continue;
    }
    const last = found.at(-1);
    const here: [number, number, string[]] = last && last[0] + last[1] === o ? last : [o, 0, []];
    if (here !== last) found.push(here);
    if (o < old.length && (n >= now.length || common[o + 1]![n]! >= common[o]![n + 1]!)) o++, here[1]++;
    else here[2].push(now[n++]!);
  }
  return found;
}

/** The new text. Throws RangeError for changes of another text. */
export function applied(before: string, list: readonly Change[]): string {
  const old = before.split("\n");
  const now: string[] = [];
  let at = 0;
  for (const [start, gone, lines] of list) {
    if (start < at || start + gone > old.length) throw new RangeError(`there is no line ${start + gone} to change`);
    now.push(...old.slice(at, start), ...lines);
    at = start + gone;
  }
  return [...now, ...old.slice(at)].join("\n");
}
