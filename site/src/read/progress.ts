/*
 * Which slides were read. A slide is, when its end has been in sight. The browser keeps it for this reader and this
 * folder of pages; where it may not (some browsers forbid it to files), nothing is shown as read, and nothing breaks.
 *
 * Slides are known by their titles, so that a slide that is new before them doesn't make them unread.
 */

import { isSlide, make, told } from "./page.ts";

const KEY = `lecture-read:${location.pathname.replace(/[^/]*$/, "")}${told("search")}`;

function read(): Set<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return new Set(Array.isArray(kept) ? kept.filter((title) => typeof title === "string") : []);
  } catch {
    return new Set();
  }
}

function keep(titles: ReadonlySet<string>): void {
  try {
    if (titles.size) localStorage.setItem(KEY, JSON.stringify([...titles]));
    else localStorage.removeItem(KEY);
  } catch {
    // full, or forbidden
  }
}

function watchTheEnd(): void {
  const end = make("div", "", document.querySelector("main") ?? document.body);
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    keep(read().add(told("slide")));
    watcher.disconnect();
  });
  watcher.observe(end);
}

function tickContents(): void {
  const done = read();
  const items = [...document.querySelectorAll<HTMLElement>(".toc li")];
  const ways = document.querySelector(".ways");
  const finished = items.filter((item) => done.has(item.dataset.slide ?? ""));
  for (const old of document.querySelectorAll(".done, .progress")) old.remove();
  if (!finished.length || !ways) return;
  for (const item of finished) {
    const tick = make("span", "✓", item.querySelector("a") ?? item, "done");
    tick.setAttribute("role", "img");
    tick.setAttribute("aria-label", "read");
  }
  const progress = make("span", `${finished.length} read `, ways, "progress");
  const after = items.slice(items.indexOf(finished.at(-1) as HTMLElement) + 1);
  const next = [...after, ...items].find((item) => !done.has(item.dataset.slide ?? ""))?.querySelector("a");
  if (next) {
    const link = make("a", `Continue: ${next.querySelector("[dir]")?.textContent ?? ""}`, progress);
    link.href = next.getAttribute("href") ?? "";
  }
  progress.append(" ");
  make("button", "Forget", progress, "tool").addEventListener("click", () => {
    keep(new Set());
    tickContents();
  });
}

/** Note that this slide is read, or show in the contents which are. */
export function showProgress(): void {
  if (isSlide) return watchTheEnd();
  tickContents();
  addEventListener("pageshow", tickContents); // the page as it was left, when a reader comes back to it
}
