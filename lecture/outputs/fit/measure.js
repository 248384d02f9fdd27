/* Run by a headless browser in a copy of deck.html: finds what doesn't fit the canvas, at every step of every slide. */
(() => {
  "use strict";
  const [WIDTH, HEIGHT, SIDE, BOTTOM] = [1280, 720, 56, 38];
  const SLACK = 1; // pixels are rounded
  const NAMES = { h1: "the title", svg: "a drawing", img: "a picture", table: "a table", pre: "a listing", ".words": "its text" };
  const found = [];

  function lies(section, element) {
    const [outer, inner] = [section.getBoundingClientRect(), element.getBoundingClientRect()];
    return { right: inner.right - outer.left, bottom: inner.bottom - outer.top, size: inner.width * inner.height };
  }

  function isSeen(element) {
    return element.checkVisibility({ visibilityProperty: true }) && !element.closest(".unseen, aside, svg, math");
  }

  function named(element) {
    if (element.matches(".content, .exhibits, .pane")) return "the slide";
    const { file, example } = element.closest("[data-file], [data-example]")?.dataset ?? {};
    const kind = Object.keys(NAMES).find((selector) => element.closest(selector) || element.querySelector(selector));
    return file ?? example ?? NAMES[kind] ?? "the slide";
  }

  function atStep(section, step) {
    for (const element of section.querySelectorAll("[data-from], [data-to]")) {
      const { from = 1, to = Infinity } = element.dataset;
      const isThere = step >= Number(from) && step <= Number(to);
      if (element.matches(".pane")) element.style.display = isThere ? "" : "none"; // panes take turns
      else element.style.visibility = isThere ? "" : "hidden"; // all else keeps its room
    }
  }

  /** What sticks out of the canvas most, downwards or to the right; null when nothing does. */
  function overflow(section) {
    let worst = null;
    for (const element of section.querySelectorAll(":scope > :not(aside, .edit-and-run), :scope > :not(aside, .edit-and-run) *")) {
      if (!isSeen(element)) continue;
      const { right, bottom, size } = lies(section, element);
      if (!size) continue;
      const box = element.localName === "code" && element.closest(".listing");
      const edge = box ? lies(section, box).right - 6 : WIDTH - SIDE;
      const wide = Math.max(right - edge, element.localName === "pre" ? element.scrollWidth - element.clientWidth : 0);
      for (const [side, px] of [["right", wide], ["bottom", bottom - (HEIGHT - BOTTOM)]]) {
        if (px > SLACK && (!worst || px > worst.px)) worst = { side, px: Math.ceil(px), what: named(element) };
      }
    }
    return worst;
  }

  function smallestDrawn(section) {
    const sizes = [...section.querySelectorAll(".pane svg text")]
      .filter((text) => text.checkVisibility({ visibilityProperty: true }))
      .map((text) => parseFloat(getComputedStyle(text).fontSize) * (text.getScreenCTM()?.a ?? 1));
    return Math.min(Infinity, ...sizes);
  }

  function typeSizes(section) {
    const sizes = new Set();
    for (const element of section.querySelectorAll(":not(.edit-and-run)")) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      if (hasText && isSeen(element)) sizes.add(getComputedStyle(element).fontSize);
    }
    return [...sizes];
  }

  function measure(section) {
    section.style.cssText += ";display:grid;position:relative;visibility:visible;opacity:1";
    if (!isSeen(section)) throw new Error(`${section.id} can't be seen, so nothing of it can be measured`);
    const steps = Number(section.dataset.steps ?? 1);
    for (let step = 1; step <= steps; step += 1) {
      atStep(section, step);
      const place = { id: section.id, step, steps };
      const worst = overflow(section);
      if (worst) found.push({ ...place, ...worst });
      const drawn = smallestDrawn(section);
      if (drawn < 15.9) found.push({ ...place, side: "drawing", px: Math.floor(drawn), what: "" });
      const sizes = typeSizes(section);
      if (sizes.length > 3) found.push({ ...place, side: "sizes", px: sizes.length, what: sizes.join(" ") });
    }
    section.style.display = "none";
  }

  addEventListener("load", () => {
    document.querySelector(".reveal").classList.add("ready"); // as the deck's own script does, which isn't here
    for (const section of document.querySelectorAll(".slides section:not(.stack)")) measure(section);
    document.documentElement.textContent = JSON.stringify(found);
  });
})();
