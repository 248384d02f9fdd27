/*
 * The keyboard and swipes. Each key stands in one table, from which the help is made too.
 *
 * A page longer than its window is read before it is left: keys that scroll turn the page only when there is nothing
 * left to scroll. Keys of links, buttons and fields are theirs.
 */

import { go, isSlide, linked, make, told } from "./page.ts";
import { openSearch } from "./search_dialog.ts";

interface Action {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly meaning: string;
  readonly act: () => void;
}

const ACTIONS: readonly Action[] = [
  { keys: ["ArrowRight", "ArrowDown", "PageDown", " "], shown: "→  space  PgDn", meaning: "next slide", act: () => go(linked("next")) },
  { keys: ["ArrowLeft", "ArrowUp", "PageUp", "shift "], shown: "←  PgUp", meaning: "previous slide", act: () => go(linked("prev")) },
  { keys: ["Home"], shown: "Home", meaning: "first slide", act: () => go(told("first")) },
  { keys: ["End"], shown: "End", meaning: "last slide", act: () => go(told("last")) },
  { keys: ["c"], shown: "c", meaning: "contents", act: () => go(linked("contents")) },
  { keys: ["/"], shown: "/", meaning: "search", act: openSearch },
  { keys: ["p"], shown: "p", meaning: "present: the deck, at this slide", act: () => go(told("present")) },
  { keys: ["?"], shown: "?", meaning: "this help", act: help },
];

const BACK = new Set(["ArrowUp", "PageUp", "shift ", "Home"]);
const SCROLLS = new Set([...BACK, "ArrowDown", "PageDown", " ", "End"]);
const OWN_KEYS = "input, textarea, select, dialog, audio, video, [contenteditable]:not([contenteditable='false'])";
const MOST_SLANTED = 2; // a swipe goes at least so many times further across than down
const SHORTEST_SWIPE_PX = 60;

function help(): void {
  let box = document.querySelector<HTMLDialogElement>("dialog.help");
  if (box?.open) return box.close();
  if (!box) {
    box = make("dialog", "", document.body, "help");
    const title = make("h2", "Keys", box);
    title.id = "help-title";
    box.setAttribute("aria-labelledby", title.id);
    const list = make("dl", "", box);
    for (const { shown, meaning } of ACTIONS.filter((action) => isThere(action))) {
      make("dt", shown, list);
      make("dd", meaning, list);
    }
    make("button", "Close", box, "tool").addEventListener("click", () => box?.close());
  }
  box.showModal();
}

function isThere(action: Action): boolean {
  return !action.keys.includes("p") || told("present") !== "";
}

function canScroll(key: string): boolean {
  if (!isSlide) return true; // a list is for scrolling
  const { scrollTop, scrollHeight } = document.documentElement;
  if (key === "Home" || key === "End") return false;
  return BACK.has(key) ? scrollTop > 1 : scrollTop + innerHeight < scrollHeight - 2;
}

function isOurs(event: KeyboardEvent, key: string): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  const on = event.target instanceof Element ? event.target : document.body;
  if (on.closest(OWN_KEYS)) return false;
  if (key.endsWith(" ") && on.closest("a, button, summary")) return false;
  if (/^Arrow(Left|Right)$/.test(key) && scrollsSideways(on)) return false;
  return !(SCROLLS.has(key) && canScroll(key));
}

function scrollsSideways(target: EventTarget | null): boolean {
  const code = target instanceof Element && target.closest("pre");
  return Boolean(code && code.scrollWidth > code.clientWidth);
}

function swipes(): void {
  let start: Touch | undefined;
  document.addEventListener("touchstart", ({ touches, target }) => {
    start = touches.length === 1 && !scrollsSideways(target) ? touches[0] : undefined;
  }, { passive: true });
  document.addEventListener("touchend", ({ changedTouches: [end] }) => {
    if (!start || !end) return;
    const across = end.clientX - start.clientX;
    const down = end.clientY - start.clientY;
    start = undefined;
    if (Math.abs(across) < SHORTEST_SWIPE_PX || Math.abs(across) < MOST_SLANTED * Math.abs(down)) return;
    go(linked(across < 0 ? "next" : "prev"));
  }, { passive: true });
}

/** Begin to listen. */
export function listen(): void {
  document.addEventListener("keydown", (event) => {
    const key = event.key === " " && event.shiftKey ? "shift " : event.key;
    const open = document.querySelector<HTMLDialogElement>("dialog.help[open]");
    if (key === "?" && open) return open.close();
    const action = ACTIONS.find(({ keys }) => keys.includes(key));
    if (!action || !isOurs(event, key)) return;
    event.preventDefault();
    action.act();
  });
  if (isSlide) swipes();
}
