/* What opens over the deck and over the speaker's window: the keys, all slides at once, and the way to a slide by words. */

import { element, openDialog } from "./elements.ts";
import { bindingsIn, DIGITS, shown } from "./keys.ts";
import { linkTo, parseLink, type Place } from "./links.ts";
import { mini } from "./mini.ts";
import { sections } from "./page.ts";
import { search, type Findable } from "./search.ts";
import type { SlideFacts, Talk } from "./talk.ts";

type Go = (place: Place) => void;

export function showHelp(window: "audience" | "speaker"): void {
  const rows = [...bindingsIn(window), DIGITS].map(({ keys, words }) => {
    const named = keys.map((key) => element("kbd", {}, shown(key)));
    return element("tr", {}, element("th", { scope: "row" }, ...named.flatMap((key) => [key, " "])), element("td", {}, words));
  });
  openDialog("Keys", "keys", element("h2", {}, "Keys"), element("table", {}, element("tbody", {}, ...rows)));
}

/** All slides in a grid; the arrow keys move in it, Enter goes there. */
export function showOverview(talk: Talk, at: Place, go: Go): void {
  const bodies = new Map(sections().map((section) => [section.id, section]));
  const cards = talk.slides.map((slide) => {
    const steps = slide.id === at.slide ? at.step : slide.steps;
    return element("li", {}, cardLink(slide, go, mini(bodies.get(slide.id)!, steps), slide.id === at.slide));
  });
  const grid = element("ol", { class: "grid" }, ...cards);
  openDialog("All slides", "overview", grid);
  const links = [...grid.querySelectorAll("a")];
  links.find((link) => link.ariaCurrent === "true")?.focus();
  grid.addEventListener("keydown", (event) => moveInGrid(event, grid, links));
}

function cardLink(slide: SlideFacts, go: Go, picture: HTMLElement, current: boolean): HTMLAnchorElement {
  const label = element("span", {}, `${slide.below ? "↓" : slide.number} ${slide.title}`);
  const link = slideLink(slide, go, picture, label);
  if (current) link.ariaCurrent = "true";
  return link;
}

function slideLink(slide: Findable | SlideFacts, go: Go, ...children: Node[]): HTMLAnchorElement {
  const place = { slide: slide.id, step: 1 };
  const link = element("a", { href: linkTo(place) }, ...children);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    link.closest("dialog")?.close();
    go(place);
  });
  return link;
}

function moveInGrid(event: KeyboardEvent, grid: HTMLElement, links: HTMLAnchorElement[]): void {
  const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
  const target = by && links[links.indexOf(document.activeElement as HTMLAnchorElement) + by];
  if (!target) return;
  event.preventDefault();
  target.focus();
}

/** A field for a number, a link such as 20/3, or words; the slides found stand below it. */
export function showSearch(talk: Talk, go: Go): void {
  const slides = findable(talk);
  const field = element("input", { type: "search", "aria-label": "Number or words", placeholder: "Number or words", autocomplete: "off" });
  const found = element("ol", { class: "found" });
  const count = element("p", { role: "status" });
  const dialog = openDialog("Go to a slide", "search", field, count, found);
  field.addEventListener("input", () => {
    const results = search(slides, field.value);
    found.replaceChildren(...results.map((slide) => element("li", {}, slideLink(slide, go, resultText(slide)))));
    count.textContent = field.value.trim() === "" ? "" : `${results.length} found`;
  });
  dialog.addEventListener("keydown", (event) => moveInResults(event, field, found));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeAtOnce(event, dialog);
    if (event.key !== "Enter") return;
    event.preventDefault();
    const named = parseLink(field.value.trim());
    const place = named && talk.nearest(named);
    if (!place) return found.querySelector("a")?.click();
    dialog.close();
    go(place);
  });
  field.focus();
}

/** Some browsers take the first Escape for the words in the field, and the speaker would have to press it twice. */
function closeAtOnce(event: Event, dialog: HTMLDialogElement): void {
  event.preventDefault();
  event.stopPropagation(); // or else the deck, which has no dialog any more, opens its overview
  dialog.close();
}

function resultText({ number, title }: Findable): HTMLElement {
  return element("span", {}, element("b", {}, String(number)), ` ${title}`);
}

function moveInResults(event: KeyboardEvent, field: HTMLElement, found: HTMLElement): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const stops = [field, ...found.querySelectorAll("a")];
  stops[stops.indexOf(document.activeElement as HTMLElement) + by]?.focus();
}

/** What can be found: titles and all that stands on the canvas. */
function findable(talk: Talk): Findable[] {
  const bodies = new Map(sections().map((section) => [section.id, section]));
  return talk.slides.map(({ id, number, title }) => {
    const parts = [...bodies.get(id)!.children];
    return { id, number, title, text: parts.map((part) => part.textContent).join(" ") };
  });
}
