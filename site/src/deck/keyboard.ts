/* Hands each key pressed to its action. Fields, buttons, links and dialogs keep the keys that are theirs. */

import { actionOf, NumberTyped, type Action } from "./keys.ts";

/** jump: is called with a number that was typed, and Enter. */
export function listenToKeys(window: "audience" | "speaker", act: (action: Action) => void, jump: (number: number) => void): void {
  const typed = new NumberTyped();
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isForOthers(event)) return;
    const number = event.ctrlKey || event.metaKey || event.altKey ? null : typed.press(event.key);
    const action = number === null ? actionOf(event, window) : null;
    document.documentElement.dataset.typed = typed.digits;
    if (number === null && action === null) return;
    event.preventDefault();
    if (action) act(action);
    else if (typeof number === "number") jump(number);
  });
}

function isForOthers({ target, key }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]")) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input, textarea, select, [contenteditable]")) return true;
  return (key === "Enter" || key === " ") && target.matches("button, a[href], summary");
}
