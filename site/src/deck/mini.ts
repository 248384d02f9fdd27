/* A slide in small, as it is at a step: a copy on a canvas of its own, scaled by the stylesheet. */

import { element } from "./elements.ts";
import { showStep } from "./steps.ts";

/** A copy that nobody can reach or hear; what it shows is said beside it. */
export function mini(section: HTMLElement, step: number): HTMLElement {
  const copy = section.cloneNode(true) as HTMLElement;
  for (const other of copy.querySelectorAll(".copy")) other.remove();
  for (const link of copy.querySelectorAll("a")) link.removeAttribute("href");
  for (const named of [copy, ...copy.querySelectorAll("[id]")]) if (!named.closest("svg")) named.removeAttribute("id");
  copy.removeAttribute("hidden");
  copy.style.removeProperty("display");
  copy.classList.remove("past", "future", "is-holding");
  copy.classList.add("present");
  showStep(copy, step);
  const canvas = element("div", { class: "reveal" }, element("div", { class: "slides" }, copy));
  return element("div", { class: "mini", inert: "", "aria-hidden": "true" }, canvas);
}
