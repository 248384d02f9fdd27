/* stepper.js: `window.stepper`, which shows recorded runs. api.ts says what it offers. */

import { Control } from "./control.ts";
import { showSession } from "./embedding.ts";
import look from "./stepper.css";
import { loadRuns } from "./unpack.ts";
import { sentence, why } from "./words.ts";

const style = document.createElement("style");
style.textContent = look;
document.head.append(style);

window.stepper = {
  open: (element, timeline, files, options = {}) => new Control(element, { title: options.title ?? "", timeline, files }, options),
  showSession,
  runs: loadRuns,
  sentence,
  why,
};
