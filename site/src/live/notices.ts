/* The banner that tells of mistakes in the deck. */

import { button, element } from "../deck/elements.ts";
import type { Mistake } from "./messages.ts";

let banner: HTMLElement | null = null;

export function showMistakes(mistakes: readonly Mistake[]): void {
  banner?.remove();
  banner = element(
    "section",
    { class: "live-banner", role: "alert" },
    button("×", () => banner?.remove(), { "aria-label": "Close" }),
    element("h2", {}, "The deck has a mistake, and the slides are those from before it"),
    ...mistakes.map(inPage),
  );
  document.body.append(banner);
}

function inPage({ message, file, line, slide, diff }: Mistake): HTMLElement {
  const place = file ? [element("code", {}, `${file}:${line}`), " "] : [];
  const words = element("p", {}, ...place, message, slide ? ` (slide “${slide}”)` : "");
  return element("div", {}, words, ...(diff ? [element("pre", { tabindex: "0" }, diff)] : []));
}
