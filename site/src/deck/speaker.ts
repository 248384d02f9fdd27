/*
 * The speaker's window: the note of this step, this and the next step in small, clock, time and pace. Its keys and
 * buttons act on the audience's window. The clock stands in a row of its own, and a long note scrolls inside its own
 * frame, so that it can push nothing away.
 */

import { Channel } from "./channel.ts";
import { copyFirst } from "./copying.ts";
import { showHelp, showOverview, showSearch } from "./dialogs.ts";
import { announcer, button, element } from "./elements.ts";
import { listenToKeys } from "./keyboard.ts";
import type { Action, StageAction } from "./keys.ts";
import type { Place } from "./links.ts";
import type { Message, View } from "./messages.ts";
import { mini } from "./mini.ts";
import { toggleFullscreen } from "./audience.ts";
import { loadNotes, notesAt, type Notes } from "./notes.ts";
import { readTalk, sections } from "./page.ts";
import { remember, remembered } from "./settings.ts";
import { SpeakersClock } from "./speakers_clock.ts";

const LAYOUTS = ["balanced", "note", "slides"];
const SIZES_REM = [0.9, 1, 1.15, 1.3, 1.5, 1.75, 2, 2.4, 2.8];
const SILENCE_MS = 1500;
/** What the buttons press while the stepper is open. */
const STRIDES: Partial<Record<Action, string>> = { next: "ArrowRight", previous: "ArrowLeft" };

export async function startSpeaker(wrapper: HTMLElement, talk: string): Promise<void> {
  wrapper.hidden = true;
  document.documentElement.classList.add("speaker");
  document.title = `Speaker: ${document.title}`;
  const notes = await loadNotes().catch(() => null);
  new SpeakersWindow(talk, notes).start();
}

class SpeakersWindow {
  readonly #talk = readTalk();
  readonly #sections = new Map(sections().map((section) => [section.id, section]));
  readonly #announce = announcer();
  readonly #channel: Channel;
  readonly #clock: SpeakersClock;
  readonly #where = element("h1", { class: "where" });
  readonly #state = element("p", { class: "state", role: "status" });
  readonly #now = element("section", { class: "now", "aria-label": "What the audience sees" });
  readonly #then = element("section", { class: "then", "aria-label": "What comes next" });
  readonly #note = element("section", { class: "note-frame", "aria-label": "Note", tabindex: "0" });
  readonly #holding = element("input", { type: "checkbox", id: "holding" });
  #view: View | null = null;

  /** notes: null if they aren't there. */
  constructor(talk: string, readonly notes: Notes | null) {
    this.#channel = new Channel(talk, (message) => this.#hear(message));
    this.#clock = new SpeakersClock(talk, this.#talk.minutes);
  }

  start(): void {
    this.#build();
    this.#size(0);
    this.#layout(0);
    this.#channel.addWindow(opener as Window | null);
    this.#channel.send({ kind: "hello" });
    this.#hold(remembered("hold", true));
    addEventListener("pagehide", () => this.#channel.send({ kind: "hold", on: false }));
    setTimeout(() => this.#view ?? this.#tell(NOBODY), SILENCE_MS);
    document.addEventListener("keydown", (event) => this.#keyInside(event));
    listenToKeys("speaker", (action) => this.#act(action), (number) => this.#go({ slide: `s${number}`, step: 1 }));
  }

  #build(): void {
    const label = element("label", { for: "holding" }, "Hold outputs");
    this.#holding.addEventListener("change", () => this.#hold(this.#holding.checked));
    const buttons = element(
      "div",
      { class: "buttons" },
      this.#stageButton("‹ Back", "previous"),
      this.#stageButton("Next ›", "next"),
      this.#stageButton("Show output", "output"),
      this.#stageButton("Run", "run"),
      this.#stageButton("Stop", "stop"),
      this.#stageButton("Inside", "inside"),
      this.#stageButton("Wrong ↓", "wrong"),
      this.#stageButton("Blank", "blank"),
      element("span", { class: "hold" }, this.#holding, label),
      button("A−", () => this.#size(-1), { "aria-label": "A− smaller notes", class: "smaller" }),
      button("A+", () => this.#size(1), { "aria-label": "A+ larger notes", class: "larger" }),
      button("Layout", () => this.#layout(1), { class: "layout" }),
      button("Keys", () => showHelp("speaker")),
    );
    const head = element("header", {}, this.#clock.element, this.#where, this.#state, buttons);
    // After a click the keys are for the talk again, and Space is no second click.
    buttons.addEventListener("click", ({ detail }) => detail > 0 && (document.activeElement as HTMLElement).blur());
    document.body.append(element("main", { class: "desk" }, head, this.#now, this.#then, this.#note));
  }

  #stageButton(words: string, action: StageAction): HTMLButtonElement {
    return button(words, () => this.#act(action), { class: `do-${action}` });
  }

  #act(action: Action): void {
    const at = this.#view?.place ?? this.#talk.first;
    const local: Partial<Record<Action, () => unknown>> = {
      search: () => showSearch(this.#talk, (place) => this.#go(place)),
      overview: () => showOverview(this.#talk, at, (place) => this.#go(place)),
      copy: () => copyFirst(this.#sections.get(at.slide)!, this.#announce),
      fullscreen: toggleFullscreen,
      help: () => showHelp("speaker"),
      hold: () => this.#hold(!this.#holding.checked),
      larger: () => this.#size(1),
      smaller: () => this.#size(-1),
      layout: () => this.#layout(1),
      timer: () => this.#clock.press(),
    };
    if (local[action]) local[action]();
    else if (this.#view?.inside && STRIDES[action]) this.#channel.send({ kind: "key", key: STRIDES[action] });
    else this.#channel.send({ kind: "do", action: action as StageAction });
  }

  /** While the stepper stands over the audience's slide, keys are for it. */
  #keyInside(event: KeyboardEvent): void {
    if (!this.#view?.inside || event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    if ((event.key === "Enter" || event.key === " ") && (event.target as Element).matches("button, input")) return;
    event.preventDefault();
    this.#channel.send({ kind: "key", key: event.key });
  }

  /** Nobody but a speaker holds outputs back: it begins and ends with this window. */
  #hold(on: boolean): void {
    remember("hold", on);
    this.#channel.send({ kind: "hold", on });
  }

  #go(place: Place): void {
    this.#channel.send({ kind: "go", place });
  }

  #hear(message: Message): void {
    if (message.kind === "closed") this.#tell(GONE);
    if (message.kind !== "view") return;
    const before = this.#view;
    this.#view = message;
    if (before && before.place.slide !== message.place.slide) this.#clock.begin();
    document.documentElement.style.colorScheme = message.scheme;
    this.#holding.checked = message.holding;
    this.#tell(message.blank ? "The audience's screen is blank." : message.held ? HELD : message.told);
    this.#clock.plan(this.#talk.planned(message.place));
    this.#draw(message, before);
  }

  #draw({ place, held }: View, before: View | null): void {
    const slide = this.#talk.find(place.slide)!;
    const last = this.#talk.path.at(-1)!.number;
    this.#where.textContent = `${slide.number} / ${last}${slide.steps > 1 ? ` · step ${place.step} of ${slide.steps}` : ""}`;
    this.#where.dataset.place = `${place.slide}/${place.step}`;
    const next = held ? place : this.#talk.next(place);
    this.#now.replaceChildren(caption(slide.title), mini(this.#sections.get(place.slide)!, place.step));
    this.#now.classList.toggle("is-holding", held);
    if (next) this.#then.replaceChildren(caption(this.#nextInWords(next, place, held)), mini(this.#sections.get(next.slide)!, next.step));
    else this.#then.replaceChildren(caption("That was the last step."));
    this.#note.innerHTML = notesAt(this.notes ?? {}, place.slide, place.step).map((note) => `<div>${note}</div>`).join("");
    const none = this.notes ? "No note for this step." : "notes.js is not there: it belongs beside deck.html.";
    if (!this.#note.hasChildNodes()) this.#note.replaceChildren(element("p", { class: "none" }, none));
    if (before?.place.slide !== place.slide || before.place.step !== place.step) this.#note.scrollTop = 0;
  }

  #nextInWords(next: Place, place: Place, held: boolean): string {
    if (held) return "Next: the output";
    return next.slide === place.slide ? `Next: step ${next.step}` : `Next: ${this.#talk.find(next.slide)!.title}`;
  }

  #tell(words: string): void {
    if (this.#state.textContent !== words) this.#state.textContent = words;
  }

  #size(by: number): void {
    const size = Math.min(Math.max(0, remembered("noteSize", 3) + by), SIZES_REM.length - 1);
    remember("noteSize", size);
    this.#note.style.fontSize = `${SIZES_REM[size]}rem`;
  }

  #layout(by: number): void {
    const layout = LAYOUTS[(LAYOUTS.indexOf(remembered("layout", "balanced")) + by) % LAYOUTS.length]!;
    remember("layout", layout);
    document.documentElement.dataset.layout = layout;
  }
}

const HELD = "The output is held back: → or “Show output” shows it.";
const GONE = "The audience's window was closed. Open the deck again, and press s there.";
const NOBODY = "No deck answers. Open deck.html, and press s there: it opens this window, connected.";

function caption(words: string): HTMLElement {
  return element("h2", {}, words);
}
