/*
 * The playground: a program of the lecture, its texts to change, a network to spoil, and what comes of it. The page
 * itself is made by the build (play.html); this makes it work.
 */

import { loadStepper, type Shown, type Timeline } from "../stepper/api.ts";
import { Controls } from "./controls.ts";
import type { Answer, Probe, Request } from "./messages.ts";
import { missionNamed, missions, original, programNamed, programs, type Files, type Program } from "./programs.ts";
import { Quest } from "./quest.ts";
import { Runs } from "./runs.ts";
import { LONGEST, changed, changesOf, fragment, read, type Shared } from "./share.ts";
import { Terminal } from "./terminal.ts";
import { Texts } from "./texts.ts";

const the = <E extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as E;
const tell = (words: string) => void (the("status").textContent = words);

class Playground {
  readonly runs = new Runs(tell);
  private readonly texts = new Texts(the("files"), the("editor"), () => this.touched());
  private readonly controls = new Controls(the("faults"), () => this.touched());
  private readonly terminal = new Terminal(the("terminal"));
  private program!: Program;
  private quest: Quest | null = null;
  private last: { readonly request: Request; readonly answer: Answer } | null = null;
  private stepper: Shown | null = null;

  constructor() {
    const acts: Record<string, () => unknown> = {
      run: () => this.run(),
      stop: () => this.runs.stop(),
      reset: () => (this.texts.reset(), this.touched()),
      share: () => this.share(),
      save: () => this.save(),
      step: () => this.step(),
      "show-breaking": () => this.quest && this.controls.set(this.quest.mission.seed, this.quest.mission.sliders),
      "show-mended": () => this.quest && this.open(this.program, this.quest, { ...this.before(), ...this.quest.mission.mended }),
    };
    for (const [id, act] of Object.entries(acts)) the(id).addEventListener("click", () => void act());
    the("ask").addEventListener("submit", (event) => (event.preventDefault(), void this.ask()));
    the("load").addEventListener("change", () => void this.load());
    the("program").addEventListener("change", () => (location.hash = the<HTMLSelectElement>("program").value));
    the("mission").addEventListener("change", () => this.goOn(the<HTMLSelectElement>("mission").value));
    addEventListener("hashchange", () => void this.openLink(location.hash));
    addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.run();
    });
  }

  /** Opens what a link says; the first program without one. */
  async openLink(link: string): Promise<void> {
    try {
      this.openShared(await read(link || `#${programs()[0]!.name}`));
    } catch (problem) {
      this.openShared({ program: programs()[0]!.name, mission: "", seed: 0, sliders: {}, changes: {} });
      tell((problem as Error).message);
    }
  }

  private openShared(shared: Shared): void {
    const mission = missionNamed(shared.mission);
    const program = programNamed(mission?.program ?? shared.program);
    if (!program || (shared.mission && !mission)) throw new Error(`there is no program ${shared.mission || shared.program} here`);
    const isChanged = Object.keys(shared.changes).length > 0;
    const now = isChanged ? changed(original(program, mission), shared.changes) : undefined;
    this.open(program, mission ? new Quest(mission) : null, now);
    this.controls.set(shared.seed, shared.sliders);
    this.touched();
  }

  private open(program: Program, quest: Quest | null, now?: Files): void {
    [this.program, this.quest] = [program, quest];
    this.texts.open(this.before(), `play:${quest?.mission.name ?? program.name}`, now);
    the<HTMLSelectElement>("program").value = program.name;
    the<HTMLSelectElement>("mission").value = quest?.mission.name ?? "";
    the("quest").hidden = !quest;
    the("task").textContent = quest?.mission.task ?? "";
    the<HTMLAnchorElement>("slide").href = program.page;
    the("slide").textContent = `Slide ${program.number}: ${program.title}`;
    this.terminal.begin(this.session());
    this.touched();
  }

  private goOn(mission: string): void {
    location.hash = mission ? `${missionNamed(mission)!.program}&mission=${mission}` : this.program.name;
  }

  private session(): string {
    return this.quest?.mission.session ?? this.program.session;
  }

  private before(): Files {
    return original(this.program, this.quest?.mission);
  }

  /** Something was changed: what is shown of the last run is about another one. */
  private touched(): void {
    this.last = null;
    the("verdict").textContent = "";
    for (const id of ["step", "ask"]) the(id).hidden = true;
    the("values").replaceChildren();
    this.stepper?.close();
    this.stepper = null;
  }

  private request(): Request {
    const { seed, sliders } = this.controls;
    return { files: { ...this.texts.now() }, session: this.session(), seed, sliders };
  }

  async run(): Promise<void> {
    if (this.runs.isBusy) return;
    this.touched();
    const request = this.request();
    this.terminal.begin(request.session);
    document.body.classList.add("is-running");
    const answer = await this.runs.run(request, (place, text) => this.terminal.print(place, text));
    this.terminal.draw();
    if (answer) await this.show(request, answer);
    document.body.classList.remove("is-running");
  }

  private async show(request: Request, answer: Answer): Promise<void> {
    this.last = { request, answer };
    this.terminal.end(answer.exits);
    const again = (other: Request) => this.runs.run(other, () => {}).then((one) => one ?? answer);
    const judged = await this.quest?.judge(request, answer, this.texts.isChanged(), again);
    const words = answer.holds ? "It did what its session says." : "It did not do what its session says.";
    const why = answer.problem && `${answer.problem.split("Until then:")[0]!.trim()}\n`;
    the("verdict").textContent = `${why}${judged ?? words}\nTimeline ${answer.hash.slice(0, 16)}`;
    for (const id of ["step", "ask"]) the(id).hidden = false;
  }

  /** A print after the fact: the same run again, asked at the line of the cursor. */
  private async ask(): Promise<void> {
    const expression = the<HTMLInputElement>("expression").value;
    if (!this.last || this.runs.isBusy || !expression.trim()) return;
    const probe: Probe = { file: this.texts.file, line: this.texts.line(), expression };
    const answer = await this.runs.run({ ...this.last.request, probe }, () => {});
    if (!answer) return;
    const steps = (answer.timeline as Timeline).steps;
    const items = answer.values.map(([step, value]) => {
      const item = document.createElement("li");
      item.append(`${steps[step]!.time} s, step ${step}: `, Object.assign(document.createElement("code"), { textContent: value }));
      return item;
    });
    const where = `${probe.file}:${probe.line}`;
    const same = answer.hash === this.last.answer.hash ? "The run is the same, to the last step." : "Your expression has changed the run: it did something.";
    tell(items.length ? `${expression}, each time before ${where}. ${same}` : `The run never came to ${where}.`);
    the("values").replaceChildren(...items);
  }

  private async step(): Promise<void> {
    if (!this.last) return;
    const { request, answer } = this.last;
    try {
      const { open } = await loadStepper();
      this.stepper = open(the("stepping"), answer.timeline as Timeline, request.files, { title: this.program.name });
    } catch (problem) {
      tell((problem as Error).message);
    }
  }

  private shared(): Shared {
    const { seed, sliders } = this.controls;
    const mission = this.quest?.mission.name ?? "";
    return { program: this.program.name, mission, seed, sliders, changes: changesOf(this.before(), this.texts.now()) };
  }

  private async share(): Promise<void> {
    const link = await fragment(this.shared());
    if (link.length > LONGEST) return tell(`The link would have ${link.length} characters, and ${LONGEST} is what travels well: save a file instead.`);
    history.replaceState(null, "", link);
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    tell(copied ? "The link is copied. It holds everything; nothing was sent." : "The address of this page is the link. It holds everything; nothing was sent.");
  }

  private save(): void {
    const file = new Blob([JSON.stringify(this.shared())], { type: "application/json" });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "playground.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  private async load(): Promise<void> {
    const file = the<HTMLInputElement>("load").files?.[0];
    if (!file) return;
    try {
      this.openShared(JSON.parse(await file.text()));
    } catch {
      tell(`${file.name} isn't a file that was saved here, or it is for another lecture.`);
    }
  }
}

function listed(select: HTMLElement, options: readonly (readonly [string, string])[]): void {
  select.append(...options.map(([value, words]) => new Option(words, value)));
}

listed(the("mission"), missions().map(({ name, title }) => [name, title]));
const playground = new Playground();
Object.assign(window, { playground });
playground.runs.prepare();
void playground.openLink(location.hash);
