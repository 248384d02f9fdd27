/* Reads the facts of the talk from deck.html, which the build of the lecture writes. */

import { Talk, type SlideFacts } from "./talk.ts";

export function sections(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("body > .reveal > .slides section:not(.stack)")];
}

export function readTalk(): Talk {
  return new Talk(sections().map(factsOf), new URLSearchParams(location.search).has("short"));
}

function factsOf(section: HTMLElement): SlideFacts {
  const right = section.closest(".stack")?.querySelector<HTMLElement>("section");
  const below = right && right !== section ? right : null;
  return {
    id: section.id,
    number: Number(section.dataset.number ?? below?.dataset.number ?? 0),
    title: section.dataset.title ?? section.querySelector("h1")?.textContent ?? "", // the build says what no heading says
    minutes: Number(section.dataset.minutes ?? 0),
    steps: Math.max(1, Number(section.dataset.steps ?? 1)),
    short: "short" in section.dataset,
    below: below?.id ?? null,
  };
}

/** Whether an element with data-from and data-to is there at this step. */
export function isVisible({ dataset }: HTMLElement, step: number): boolean {
  return step >= Number(dataset.from ?? 1) && step <= Number(dataset.to ?? Infinity);
}
