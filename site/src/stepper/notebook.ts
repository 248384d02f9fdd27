/*
 * notebook.js: the stepper for a notebook's output. It runs in a frame of its own, which lecture/outputs/notebooks/
 * stepping.py writes: so the notebook's keys and colours stay the notebook's, and the stepper's the stepper's. Whoever
 * makes the frame calls `showRun` in it.
 */

import colours from "../../css/colours.css";
import { element } from "../deck/elements.ts";
import type { Options, Run } from "./api.ts";
import { Control } from "./control.ts";
import look from "./stepper.css";

declare global {
  interface Window {
    /** Shows a run, from step `at` if that is told, and gives the frame its height. */
    showRun?: (run: Run & Pick<Options, "at">) => void;
  }
}

const MOST_HEIGHT_PX = 720;
const OWN = "body { margin: 0; background: var(--paper); } .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }";

window.showRun = (run) => {
  const place = element("div");
  document.head.append(element("style", {}, colours, look, OWN));
  document.body.append(place);
  new Control(place, run, run);
  const fit = () => {
    const frame = window.frameElement as HTMLElement | null;
    if (frame) frame.style.height = `${Math.min(document.documentElement.offsetHeight, MOST_HEIGHT_PX)}px`;
  };
  new ResizeObserver(fit).observe(document.documentElement);
};
