/*
 * The search, as a reader sees it: a field, and below it links, which are as good for a screen reader as for arrow keys.
 *
 * The text to look through is a script of its own, which is asked for when somebody searches for the first time. It
 * calls `lectureSearch`: a page from disk may run what lies beside it, and may not fetch.
 */

import { linkToBlock, showPlaceFound } from "./place_found.ts";
import { make, told } from "./page.ts";
import { Searcher, placesOf, wordsOf, type Result, type SlideText } from "./search.ts";

declare global {
  interface Window {
    lectureSearch?: (slides: SlideText[]) => void;
  }
}

const MOST_RESULTS = 40;

let searcher: Promise<Searcher> | undefined;

function loaded(): Promise<Searcher> {
  searcher ??= new Promise((resolve, reject) => {
    window.lectureSearch = (slides) => resolve(new Searcher(slides));
    const script = make("script", "");
    script.src = told("search");
    script.addEventListener("error", () => reject(new Error(`${told("search")} is not there`)));
    document.head.append(script);
  });
  return searcher;
}

interface Parts {
  readonly box: HTMLDialogElement;
  readonly field: HTMLInputElement;
  readonly status: HTMLElement;
  readonly list: HTMLElement;
}

let parts: Parts | undefined;

function built(): Parts {
  const box = make("dialog", "", document.body, "search");
  box.setAttribute("aria-label", "Search the lecture");
  const form = make("form", "", box);
  const field = make("input", "", form);
  Object.assign(field, { type: "search", autocomplete: "off", spellcheck: false, placeholder: "words, code, output" });
  field.setAttribute("aria-label", "Search words, code and outputs");
  const close = make("button", "Close", form, "tool");
  close.type = "button";
  close.addEventListener("click", () => box.close());
  const status = make("p", "", box);
  status.setAttribute("role", "status");
  const list = make("ol", "", box);
  field.addEventListener("input", () => void show(field.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  box.addEventListener("keydown", moveThroughResults);
  box.addEventListener("click", (event) => {
    if (event.target === box || (event.target as Element).closest("a")) box.close(); // beside it, or a place of this page
  });
  return { box, field, status, list };
}

function moveThroughResults(event: KeyboardEvent): void {
  if (!parts || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const stops: HTMLElement[] = [parts.field, ...parts.list.querySelectorAll("a")];
  const here = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops[here + (event.key === "ArrowDown" ? 1 : -1)];
  if (here < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

async function show(question: string): Promise<void> {
  if (!parts) return;
  const { field, status, list } = parts;
  try {
    const all = (await loaded()).find(question);
    if (question !== field.value) return; // the reader has typed on
    list.replaceChildren(...all.slice(0, MOST_RESULTS).map((result) => entry(result, question)));
    status.textContent = question.trim() ? counted(all) : "";
  } catch {
    status.textContent = "The search needs a file that isn't beside this page: build the lecture again.";
  }
}

function counted(all: readonly Result[]): string {
  const slides = new Set(all.map(({ page }) => page)).size;
  if (!slides) return "Nothing found. Each word must stand on one slide; part of a word will do.";
  const more = all.length > MOST_RESULTS ? `, the first ${MOST_RESULTS} shown` : "";
  return `${all.length} place${all.length > 1 ? "s" : ""} on ${slides} slide${slides > 1 ? "s" : ""}${more}`;
}

function entry({ page, title, number, kind, excerpt }: Result, question: string): HTMLElement {
  const item = document.createElement("li");
  const link = make("a", "", item);
  link.href = encodeURI(page).replaceAll("#", "%23").replaceAll("?", "%3F") + linkToBlock(number, question);
  const where = make("span", "", link, "where");
  marked(title, question, make("span", "", where));
  make("span", kind, where, "kind");
  if (kind !== "title") {
    const shown = make("span", "", link, "excerpt");
    shown.dataset.kind = kind;
    marked(excerpt, question, shown);
  }
  return item;
}

/** Put the text into `parent`, with the words of the question marked. */
function marked(text: string, question: string, parent: Element): void {
  let done = 0;
  for (const [begin, end] of placesOf(text, wordsOf(question))) {
    parent.append(text.slice(done, begin));
    make("mark", text.slice(begin, end), parent);
    done = end;
  }
  parent.append(text.slice(done));
}

export function openSearch(): void {
  if (!told("search")) return;
  parts ??= built();
  parts.box.showModal();
  parts.field.select();
  void loaded().catch(() => undefined); // so that it is there when the first word is typed; show() tells what went wrong
}

/** Make the button, and go to what was found on another page. */
export function prepareSearch(): void {
  showPlaceFound();
  addEventListener("hashchange", showPlaceFound);
  if (!told("search")) return;
  const beside = document.querySelector(".bar nav .step, .ways .count");
  if (!beside) return;
  const button = make("button", "Search ", undefined, "tool");
  button.type = "button";
  make("kbd", "/", button).setAttribute("aria-hidden", "true");
  button.setAttribute("aria-keyshortcuts", "/");
  button.addEventListener("click", openSearch);
  beside.before(button);
}
