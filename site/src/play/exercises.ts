/*
 * The page of exercises. The build writes it with all tasks in it (exercises.html), so that they can be read without a
 * script; this shows one at a time, and puts an editor and the grader below it.
 */

import { element } from "../deck/elements.ts";
import { loadStepper, type Shown, type Timeline } from "../stepper/api.ts";
import { graded, PREPARE, submission, type Submission, type Verdict } from "./grader.ts";
import { Stopped } from "./pool.ts";
import { Progress } from "./progress.ts";
import { Runs } from "./runs.ts";
import { solution, tasks } from "./tasks.ts";
import { Texts } from "./texts.ts";

const the = <E extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as E;
const tell = (words: string) => void (the("status").textContent = words);
const kept = `exercises of ${document.body.dataset.title}`;
const articles = [...document.querySelectorAll<HTMLElement>("article")];
const links = [...document.querySelectorAll<HTMLAnchorElement>(".tasks a")];

class Exercises {
  readonly runs = new Runs(tell, PREPARE);
  readonly progress = new Progress(kept);
  readonly texts = new Texts(the("files"), the("editor"), () => this.touched(), () => localStorage);
  name = "";
  private last: { readonly submitted: Submission; readonly verdict: Verdict } | null = null;
  private stepper: Shown | null = null;

  constructor() {
    const acts: Record<string, () => unknown> = {
      check: () => this.check(),
      stop: () => this.runs.stop(),
      reset: () => this.reset(),
      solution: () => this.showSolution(),
      step: () => this.step(),
    };
    for (const [id, act] of Object.entries(acts)) the(id).addEventListener("click", () => void act());
    addEventListener("hashchange", () => this.open(location.hash.slice(1), true));
    addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.check();
    });
    for (const article of articles) this.stepHints(article);
    document.body.classList.add("has-script");
    the("bench").hidden = false;
  }

  /** Shows an exercise; the first that isn't solved for a name that none has. isMove: whether the reader came from another. */
  open(name: string, isMove: boolean): void {
    if (isMove && !tasks()[name]) return; // another place on the page
    const first = articles.find(({ id }) => !this.progress.isSolved(id)) ?? articles[0]!;
    this.name = tasks()[name] ? name : first.id;
    for (const article of articles) article.hidden = article.id !== this.name;
    const article = the(this.name);
    article.after(the("bench"));
    const { programs, file } = tasks()[this.name]!;
    this.texts.open(programs, `${kept}: ${this.name}`, undefined, file);
    const next = articles[articles.indexOf(article) + 1];
    the("next").hidden = !next;
    if (next) Object.assign(the("next"), { href: `#${next.id}`, textContent: `Next: ${next.querySelector("h2")!.textContent}` });
    this.touched();
    this.draw();
    if (isMove) article.querySelector("h2")!.focus();
  }

  /** Hints are shown one after the other; those that were shown once can be seen again. */
  private stepHints(article: HTMLElement): void {
    const hints = [...article.querySelectorAll<HTMLDetailsElement>(".hint")];
    const show = () => hints.forEach((hint, at) => (hint.hidden = at > this.progress.hints(article.id)));
    hints.forEach((hint, at) =>
      hint.addEventListener("toggle", () => {
        if (hint.open && at >= this.progress.hints(article.id)) this.progress.note(article.id, { hints: at + 1 });
        show();
      }),
    );
    show();
  }

  /** Draws what was solved, and where one is. */
  private draw(): void {
    for (const link of links) {
      const name = link.hash.slice(1);
      link.toggleAttribute("data-solved", this.progress.isSolved(name));
      link.querySelector(".unseen")?.remove();
      if (this.progress.isSolved(name)) link.append(element("span", { class: "unseen" }, " (solved)"));
      if (name === this.name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const solved = articles.filter(({ id }) => this.progress.isSolved(id)).length;
    the("progress").textContent = `${solved} of ${articles.length} solved`;
    the("solution").hidden = !this.progress.isSolved(this.name);
  }

  /** What is shown of the last verdict is about another program now. */
  private touched(): void {
    this.last = null;
    for (const id of ["verdict", "step", "solved"]) the(id).hidden = true;
    the("solution").setAttribute("aria-expanded", "false");
    this.stepper?.close();
    this.stepper = null;
  }

  async check(): Promise<void> {
    if (this.runs.isBusy) return;
    this.touched();
    const { name } = this;
    const begun = performance.now();
    document.body.classList.add("is-running");
    tell("Checking …");
    try {
      const submitted = await submission(name, tasks()[name]!, { ...this.texts.now() });
      const verdict = await graded(this.runs, submitted, (count) => tell(`Checking … world ${count}`));
      tell(`Checked in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
      this.show(name, submitted, verdict);
    } catch (problem) {
      tell(problem instanceof Stopped ? "Stopped. There is no verdict." : (problem as Error).message);
    }
    document.body.classList.remove("is-running");
  }

  private show(name: string, submitted: Submission, verdict: Verdict): void {
    if (verdict.passed) this.progress.note(name, { solved: true });
    this.draw();
    if (name !== this.name) return tell(`${submitted.name}: ${verdict.passed ? "passed" : "not yet"}.`); // the reader went on
    this.last = { submitted, verdict };
    the("verdict").textContent = verdict.text;
    the("verdict").hidden = false;
    the("step").hidden = !verdict.failure;
    the("verdict").scrollIntoView({ block: "nearest" }); // on a phone it is below the buttons, and below the edge
  }

  private reset(): void {
    this.texts.reset();
    this.touched();
  }

  private async showSolution(): Promise<void> {
    const isShown = !the("solved").hidden;
    the("solved").hidden = isShown;
    the("solution").setAttribute("aria-expanded", String(!isShown));
    if (!isShown) the("solved").querySelector("pre")!.textContent = await solution(this.name);
  }

  /** The shortest run that failed, at the step where it first went otherwise than it should. */
  private async step(): Promise<void> {
    if (!this.last?.verdict.failure || this.runs.isBusy) return;
    const { submitted, verdict } = this.last;
    tell("Recording that run …");
    try {
      const request = { ...submitted, ...verdict.failure };
      const { open } = await loadStepper();
      const { at, timeline } = await this.runs.ask<{ at: number; timeline: Timeline }>({ name: "replay", request }, () => {});
      await this.runs.renew();
      if (this.last?.submitted !== submitted) return; // it was changed meanwhile
      this.stepper = open(the("stepping"), timeline, submitted.programs, { title: submitted.name, at });
      tell("This is where it first goes otherwise than it should.");
      the("stepping").focus();
    } catch (problem) {
      tell(problem instanceof Stopped ? "Stopped." : (problem as Error).message);
    }
  }
}

if (location.hash && matchMedia("(max-width: 45em)").matches) document.querySelector("details.list")!.removeAttribute("open");
const exercises = new Exercises();
Object.assign(window, { exercises });
exercises.runs.prepare();
exercises.open(location.hash.slice(1), false);
