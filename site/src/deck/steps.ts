/*
 * What is there at a step of a slide. `data-from` and `data-to` say when an element is there, `data-lit` at which steps
 * a line of code stands out. Everything hidden keeps its room, so that nothing jumps; of panes, which take turns, only
 * one has room at a time. Here classes are set, and the stylesheets give them their look.
 */

import { isVisible } from "./page.ts";

const STEPPED = "[data-from], [data-to]";

/** Show a section, or a copy of one, as it is at this step. Returns what has newly appeared. */
export function showStep(section: HTMLElement, step: number): HTMLElement[] {
  const appeared: HTMLElement[] = [];
  for (const element of section.querySelectorAll<HTMLElement>(STEPPED)) {
    const visible = isVisible(element, step);
    if (visible && element.classList.contains("is-hidden")) appeared.push(element);
    element.classList.toggle("is-hidden", !visible);
  }
  for (const listing of section.querySelectorAll<HTMLElement>(".listing:has([data-lit])")) light(listing, step);
  return appeared.filter((element) => element.tagName !== "ASIDE" && !element.closest(".is-hidden"));
}

function light(listing: HTMLElement, step: number): void {
  let any = false;
  for (const line of listing.querySelectorAll<HTMLElement>("[data-lit]")) {
    const lit = line.dataset.lit!.split(/\s+/).includes(String(step));
    line.classList.toggle("is-lit", lit);
    any ||= lit;
  }
  listing.classList.toggle("has-lit", any);
}

/** What has appeared, and what is lit, in words for a screen reader. */
export function stepInWords(section: HTMLElement, step: number, steps: number, appeared: HTMLElement[]): string {
  const lit = [...section.querySelectorAll<HTMLElement>(".is-lit")].filter((line) => !line.closest(".is-hidden"));
  return [`Step ${step} of ${steps}.`, ...[...appeared, ...lit].map(inWords).filter(Boolean)].join(" ");
}

function inWords(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const unseen of copy.querySelectorAll(".is-hidden, .copy")) unseen.remove();
  return copy.textContent!.replace(/\s+/g, " ").trim();
}

/** The outputs of sessions that are there at this step, and that are not steps of their own. */
export function outputsAt(section: HTMLElement): HTMLElement[] {
  const outputs = [...section.querySelectorAll<HTMLElement>(".session samp")];
  return outputs.filter((output) => !output.closest(".is-hidden") && !output.dataset.from);
}

/** The first step after this one at which an output appears, or null. */
export function nextOutputStep(section: HTMLElement, step: number): number | null {
  const later = [...section.querySelectorAll<HTMLElement>(".session samp")]
    .map((output) => Number(output.closest<HTMLElement>("[data-from]")?.dataset.from ?? 1))
    .filter((from) => from > step);
  return later.length > 0 ? Math.min(...later) : null;
}

/** The step at which all of a session is there. */
export function stepOfAll(session: HTMLElement): number {
  const parts = [session, ...session.querySelectorAll<HTMLElement>("[data-from]")];
  return Math.max(...parts.map((part) => Number(part.closest<HTMLElement>("[data-from]")?.dataset.from ?? 1)));
}
