/*
 * At the lower edge of the window: at the left what was told last, at the right what the mouse finds: back, on, all
 * slides, keys, the wrong program, the number.
 */

import { button, element } from "./elements.ts";
import type { Action } from "./keys.ts";
import type { Stage } from "./stage.ts";

const IDLE_MS = 3000;

export function addBar(stage: Stage, act: (action: Action) => void): void {
  const number = button("", () => act("search"), { class: "number", title: "Go to a slide (g)" });
  const wrong = button("", () => act("wrong"), { class: "to-wrong", title: "w" });
  const inside = button("steps", () => act("inside"), { title: "i", "aria-label": "Inside the run, step by step" });
  const bar = element(
    "nav",
    { class: "deck-bar", "aria-label": "Deck" },
    button("‹", () => act("previous"), { "aria-label": "Step back", title: "←" }),
    button("›", () => act("next"), { "aria-label": "Next step", title: "→" }),
    button("▦", () => act("overview"), { "aria-label": "All slides", title: "o" }),
    button("?", () => act("help"), { "aria-label": "Keys", title: "?" }),
    inside,
    wrong,
    number,
  );
  const told = element("p", { class: "told", "aria-hidden": "true" }); // it is announced besides
  document.body.append(bar, told);
  stage.onMove((place) => {
    const { talk } = stage;
    const slide = talk.find(place.slide)!;
    number.textContent = `${slide.number} / ${talk.path.at(-1)!.number}`;
    number.setAttribute("aria-label", `${number.textContent}, go to another slide`);
    told.textContent = stage.view().told;
    inside.hidden = !stage.section.querySelector("[data-run]");
    wrong.hidden = talk.wrong(place) === null;
    wrong.textContent = slide.below === null ? "wrong ↓" : "right ↑";
  });
  hideWhenIdle(bar);
}

function hideWhenIdle(bar: HTMLElement): void {
  let timer = 0;
  const wake = () => {
    document.documentElement.classList.add("is-awake");
    clearTimeout(timer);
    timer = window.setTimeout(() => document.documentElement.classList.remove("is-awake"), IDLE_MS);
  };
  addEventListener("mousemove", wake);
  bar.addEventListener("focusin", wake);
}
