/*
 * Runs the program of a slide in front of the audience. A demonstration must not fail: if the real program can't be run
 * here, or isn't there within two seconds, the run that the build recorded is played instead, and says so.
 */

import type { Runner } from "./api.ts";

const PATIENCE_MS = 2000;
const LINE_MS = 120;

export const RECORDED = "This is the recorded run: what the program printed when the slides were built.";

/** Run the example of this session, for real or recorded. Tells what begins, and returns what became of it, in words. */
export async function runSession(
  session: HTMLElement,
  runner: Runner | null,
  stop: AbortSignal,
  begun: (words: string) => void,
): Promise<string> {
  const example = session.dataset.example ?? "";
  if (runner && (await beginsInTime(runner, example, session, stop))) return `${example} runs.`;
  if (stop.aborted) return "";
  begun(RECORDED);
  await play(session, stop);
  return RECORDED;
}

async function beginsInTime(runner: Runner, example: string, session: HTMLElement, stop: AbortSignal): Promise<boolean> {
  const late = new AbortController();
  stop.addEventListener("abort", () => late.abort("stopped"), { once: true });
  const tooLate = new Promise<false>((resolve) => setTimeout(resolve, PATIENCE_MS, false));
  const begun = await Promise.race([runner(example, session, late.signal).catch(() => false), tooLate]);
  if (!begun) late.abort("late");
  return begun;
}

/** Let the outputs appear line by line; all at once when stopped, or when the reader wants no motion. */
async function play(session: HTMLElement, stop: AbortSignal): Promise<void> {
  const outputs = [...session.querySelectorAll<HTMLElement>("samp")];
  const texts = outputs.map((output) => [...output.childNodes]);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  for (const output of outputs) {
    const { height } = output.getBoundingClientRect();
    if (height > 0) output.style.minHeight = `${output.offsetHeight}px`;
  }
  const lines = outputs.map((output) => output.textContent!.split(/(?<=\n)/));
  outputs.forEach((output) => output.replaceChildren());
  for (const [n, output] of outputs.entries()) {
    for (const line of lines[n]!) {
      if (!stop.aborted) await pause(LINE_MS, stop);
      output.append(line);
    }
    output.replaceChildren(...texts[n]!);
    output.style.minHeight = "";
  }
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stop.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
