// The keyboard, and type that fits its screen. Everything here is a convenience: the pages are links and work without it.
"use strict";

(() => {
  const page = document.body;
  const stage = document.querySelector(".stage");
  const notes = document.querySelector("details.notes");
  const link = (rel) => document.querySelector(`link[rel="${rel}"]`)?.getAttribute("href");

  // --- Going places. In full screen a page is shown inside a frame (see projector), and follows links there.

  function go(address) {
    if (address) location.href = address;
  }

  const remembered = {
    get: (key) => { try { return sessionStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* some browsers forbid it on files */ } },
  };

  function toggleNotes() {
    if (!notes) return;
    notes.open = !notes.open;
    remembered.set("lecture-notes", notes.open ? "open" : "");
    if (notes.open) notes.scrollIntoView({ block: "nearest" });
  }

  // --- Full screen. A browser leaves it when a page is left, so the page that asks for it stays, and shows the
  // slides in a frame. The frame tells by message where it is; only the name of a page beside ours is believed.

  const framed = window.parent !== window;
  const name = location.pathname.split("/").pop();

  function fullscreen() {
    if (framed) return window.parent.postMessage({ lecture: "leave" }, "*");
    const frame = document.createElement("iframe");
    let at = name;
    frame.className = "projector";
    frame.title = "Slides";
    frame.src = name;
    frame.allow = "fullscreen";
    const heard = (event) => {
      if (event.source !== frame.contentWindow) return;
      if (event.data?.lecture === "leave") document.exitFullscreen();
      if (typeof event.data?.at === "string" && /^[^/\\:?#]+$/.test(event.data.at)) at = event.data.at;
    };
    const changed = () => {
      if (document.fullscreenElement) return;
      frame.remove();
      window.removeEventListener("message", heard);
      document.removeEventListener("fullscreenchange", changed);
      if (at !== name) location.replace(at);
    };
    window.addEventListener("message", heard);
    page.append(frame);
    frame.requestFullscreen().then(
      () => { document.addEventListener("fullscreenchange", changed); frame.focus(); },
      () => { window.removeEventListener("message", heard); frame.remove(); },
    );
  }

  if (framed) window.parent.postMessage({ at: name }, "*");

  // --- Help.

  const KEYS = [
    ["→  space  PgDn", "next slide"],
    ["←  PgUp", "previous slide"],
    ["Home  End", "first and last slide"],
    ["c", "contents"],
    ["n", "notes"],
    ["f", "full screen"],
    ["?", "this help"],
  ];

  function make(tag, text, parent) {
    const node = document.createElement(tag);
    node.textContent = text;
    return parent ? parent.appendChild(node) : node;
  }

  function help() {
    let box = document.querySelector("dialog.help");
    if (box?.open) return box.close();
    if (!box) {
      box = make("dialog", "", page);
      box.className = "help";
      box.setAttribute("aria-label", "Keys");
      const list = make("dl", "", box);
      for (const [keys, meaning] of KEYS) { make("dt", keys, list); make("dd", meaning, list); }
      make("button", "Close", box).addEventListener("click", () => box.close());
    }
    box.showModal();
  }

  // --- Keys.

  const actions = {
    ArrowRight: () => go(link("next")), ArrowDown: () => go(link("next")), PageDown: () => go(link("next")),
    " ": () => go(link("next")), "shift ": () => go(link("prev")),
    ArrowLeft: () => go(link("prev")), ArrowUp: () => go(link("prev")), PageUp: () => go(link("prev")),
    Home: () => go(page.dataset.first), End: () => go(page.dataset.last),
    c: () => go(link("contents")), n: toggleNotes, f: fullscreen, "?": help,
  };
  const SCROLLS = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " ", "shift "]);

  function canScroll(key) {
    // A page longer than its window is read before it is left, and lists are for scrolling.
    if (!stage) return true;
    const root = document.documentElement;
    const back = key === "ArrowUp" || key === "PageUp" || key === "shift ";
    const long = stage.getBoundingClientRect().height > innerHeight + 2 || notes?.open;
    if (!long || key === "Home" || key === "End") return false;
    return back ? root.scrollTop > 1 : root.scrollTop + innerHeight < root.scrollHeight - 2;
  }

  function mine(event, key) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
    const on = event.target instanceof Element ? event.target : page;
    if (on.closest("input, textarea, select, dialog, [contenteditable]:not([contenteditable='false']), audio, video")) return false;
    if ((key === " " || key === "shift ") && on.closest("a, button, summary")) return false;
    return !(SCROLLS.has(key) && canScroll(key));
  }

  document.addEventListener("keydown", (event) => {
    const key = event.key === " " && event.shiftKey ? "shift " : event.key;
    if (event.key === "?" && document.querySelector("dialog.help[open]")) return help();
    if (!Object.hasOwn(actions, key) || !mine(event, key)) return;
    event.preventDefault();
    actions[key]();
  });

  // --- Swipes.

  let start = null;
  document.addEventListener("touchstart", (event) => {
    const scroller = event.target instanceof Element && event.target.closest("pre");
    start = event.touches.length === 1 && !(scroller && scroller.scrollWidth > scroller.clientWidth) ? event.touches[0] : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!start || !stage) return;
    const across = event.changedTouches[0].clientX - start.clientX;
    const down = event.changedTouches[0].clientY - start.clientY;
    start = null;
    if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(down)) go(link(across < 0 ? "next" : "prev"));
  }, { passive: true });

  // --- Fit: on a screen that is wider than high, turn down first the code and then everything until the slide fits.
  // What would become too small to read is left larger, and the page scrolls.

  function fit() {
    const size = (all, code) => {
      stage.style.setProperty("--fit", all);
      stage.style.setProperty("--fit-code", code);
      return stage.getBoundingClientRect().height <= innerHeight + 1;
    };
    if (size(1, 1) || innerWidth < 700 || innerWidth < innerHeight) return;
    for (let code = 0.95; code >= 0.7; code -= 0.05) if (size(1, code)) return;
    for (let all = 0.95; all >= 0.6; all -= 0.05) if (size(all, 0.7)) return;
    size(1, 0.8);
  }

  if (stage) {
    fit();
    addEventListener("resize", fit);
    addEventListener("load", fit);
  }
  if (notes && remembered.get("lecture-notes")) notes.open = true;
})();
