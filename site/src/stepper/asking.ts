/* What the stepper asks and answers in a panel of its own: why?, and what happens next? The score stays in this browser. */

import { button, element } from "../deck/elements.ts";
import type { Timeline } from "./api.ts";
import { questionAt } from "./question.ts";
import { sentence, why } from "./words.ts";

const SCORE = "lecture.score";

type Go = (position: number) => void;

/** From the last step back to its causes; each leads to its step. */
export function drawWhy(timeline: Timeline, position: number, go: Go): HTMLElement[] {
  const causes = position === 0 ? [] : why(timeline, position - 1);
  const title = element("h2", {}, "Why?");
  if (causes.length === 0) return [title, element("p", {}, "That has no cause in this run: somebody has begun it.")];
  const items = causes.map((cause) => element("li", {}, "because ", button(sentence(timeline, cause), () => go(cause + 1)), ` (step ${cause + 1})`));
  return [title, element("p", {}, sentence(timeline, position - 1)), element("ol", {}, ...items)];
}

/** Asks what happens next; whoever answers is shown, right or wrong, what the run did. */
export function drawQuestion(timeline: Timeline, position: number, go: Go): HTMLElement[] {
  const title = element("h2", {}, "What happens next?");
  const question = questionAt(timeline, position);
  if (question === null) return [title, element("p", {}, "Too little happens from here on to ask.")];
  const verdict = element("p", { role: "status", tabindex: "-1" });
  const buttons = question.choices.map((words, number) => button(words, () => answer(number)));
  function answer(number: number): void {
    const isRight = number === question!.right;
    const score = count(isRight);
    verdict.focus(); // a button that is disabled hears no keys
    for (const [n, one] of buttons.entries()) {
      one.disabled = true;
      if (n === question!.right) one.classList.add("is-right");
    }
    verdict.textContent = `${isRight ? "Right." : `Not yet. The run says: ${question!.choices[question!.right]}.`} ${score}`;
    go(question!.place);
  }
  return [title, element("ol", { class: "st-choices" }, ...buttons.map((one) => element("li", {}, one))), verdict];
}

function count(isRight: boolean): string {
  let [right, all] = [0, 0];
  try {
    [right, all] = JSON.parse(localStorage.getItem(SCORE) ?? "[0,0]") as [number, number];
  } catch {
    // forbidden, or damaged: count from here
  }
  right = (Number(right) || 0) + Number(isRight);
  all = (Number(all) || 0) + 1;
  try {
    localStorage.setItem(SCORE, JSON.stringify([right, all]));
  } catch {
    // full, or forbidden
  }
  return `${right} of ${all} so far.`;
}
