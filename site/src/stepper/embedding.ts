/*
 * The stepper and the session that it belongs to: in the deck over the slide, on a page below the session. The address
 * says the step: `@t41` behind the place in the deck, `#t41` on a page; of a session that isn't the first there, `t41-2`.
 */

import { element } from "../deck/elements.ts";
import type { Options, Run, Shown } from "./api.ts";
import { Control } from "./control.ts";
import { placeOfOutput } from "./moves.ts";
import { loadRuns } from "./unpack.ts";

const RIGHT = "/right.txt";
const NOTHING = "nothing";

/**
 * Shows the run of a session inside `place`. Rejects when its script isn't there. Of a question whose answer was printed
 * (`data-shows`) it begins just before that, and asks what happens next.
 */
export async function showSession(session: HTMLElement, place: HTMLElement, hooks: Pick<Options, "at" | "onMove" | "onClose">): Promise<Shown> {
  const { example = "" } = session.dataset;
  const file = `timelines/${example.split("/")[0]!}.js`;
  const runs = await loadRuns(file);
  const run = runs.get(example);
  if (!run) throw new Error(`${file} has no run of ${example}`);
  const others = othersOf(example, runs);
  const asked = session.dataset.shows === undefined ? null : placeOfOutput(run.timeline, session.dataset.shows);
  const shown = { control: openIn(place, run, null, hooks.at ?? (asked === null ? undefined : asked - 1)) };
  if (asked !== null && hooks.at === undefined) shown.control.press("n");
  if (others.size) place.before(choice());
  return { get position() { return shown.control.position; }, go: (at) => shown.control.go(at), press: (key) => shown.control.press(key), close };

  function openIn(where: HTMLElement, one: Run, beside: Run | null, at: number | undefined): Control {
    const options = { title: one.title, ...hooks, ...(beside ? { beside } : {}), ...(at === undefined ? {} : { at }) };
    return new Control(where, one, options);
  }

  /** What stands beside the run, for the reader to choose. */
  function choice(): HTMLElement {
    const select = element("select", {}, element("option", {}, NOTHING), ...[...others.keys()].map((words) => element("option", {}, words)));
    select.addEventListener("change", () => {
      const at = shown.control.position;
      shown.control.close();
      shown.control = openIn(place, run!, others.get(select.value) ?? null, at);
      if (others.has(select.value)) shown.control.press("d");
    });
    return element("label", { class: "st-beside" }, "Beside it: ", select);
  }

  function close(): void {
    shown.control.close();
    place.parentElement?.querySelector(".st-beside")?.remove();
  }
}

/** The runs that may stand beside this one, by the words for them: of the right program, and in other worlds. */
function othersOf(example: string, runs: ReadonlyMap<string, Run>): ReadonlyMap<string, Run> {
  const others = new Map<string, Run>();
  const right = rightOf(example, runs);
  if (right) others.set("the right program", right);
  const begin = `${example}: `;
  for (const [title, run] of runs) if (title.startsWith(begin)) others.set(title.slice(begin.length), run);
  return others;
}

/** The run of the right program in the scene of a wrong one. */
function rightOf(example: string, runs: ReadonlyMap<string, Run>): Run | null {
  if (!example.includes("/wrong/") || example.endsWith(RIGHT)) return null;
  return runs.get(example + RIGHT) ?? runs.get(example.split("/")[0]!) ?? null;
}
