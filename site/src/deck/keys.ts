/*
 * Every key of the deck and of the speaker's window, in one table: the keyboard obeys it, `?` shows it, and a test
 * compares the two. Clickers send PageUp, PageDown, b or a full stop.
 */

/** What can be done to the audience's window; the speaker's window asks for the same by a message. */
export type StageAction =
  | "next" | "previous" | "first" | "last" | "wrong" | "right"
  | "output" | "run" | "stop" | "inside" | "hold" | "blank" | "zoom" | "scheme";

/** What a window does by itself. */
export type LocalAction =
  | "overview" | "search" | "copy" | "speaker" | "fullscreen" | "help"
  | "larger" | "smaller" | "layout" | "timer";

export type Action = StageAction | LocalAction;

export interface Binding {
  readonly action: Action;
  readonly keys: readonly string[];
  readonly words: string;
  /** Only in this window; in both without. */
  readonly only?: "audience" | "speaker";
}

export const KEYS: readonly Binding[] = [
  { action: "next", keys: ["ArrowRight", " ", "PageDown", "n"], words: "next step" },
  { action: "previous", keys: ["ArrowLeft", "Backspace", "PageUp", "p"], words: "step back" },
  { action: "wrong", keys: ["w", "ArrowDown"], words: "the wrong program below this slide, and back" },
  { action: "right", keys: ["ArrowUp"], words: "from the wrong program back up" },
  { action: "first", keys: ["Home"], words: "first slide" },
  { action: "last", keys: ["End"], words: "last slide" },
  { action: "search", keys: ["g", "/"], words: "go to a slide: by number, by words of its title or text" },
  { action: "overview", keys: ["o", "Escape"], words: "all slides at once" },
  { action: "output", keys: ["Enter"], words: "show the output that is held back" },
  { action: "hold", keys: ["h"], words: "hold outputs back until you show them, or no more" },
  { action: "run", keys: ["r"], words: "run the program of this slide" },
  { action: "stop", keys: ["x"], words: "stop the program that runs" },
  { action: "inside", keys: ["i"], words: "look inside the run of this slide, step by step, and back" },
  { action: "copy", keys: ["c"], words: "copy the code of this slide" },
  { action: "zoom", keys: ["z"], words: "look closer at where the mouse is, and back; Alt and a click do it too" },
  { action: "blank", keys: ["b", "."], words: "blank the screen, and back" },
  { action: "scheme", keys: ["d"], words: "dark or light" },
  { action: "fullscreen", keys: ["f"], words: "full screen, and back" },
  { action: "speaker", keys: ["s"], words: "open the speaker's window", only: "audience" },
  { action: "larger", keys: ["+", "="], words: "larger notes", only: "speaker" },
  { action: "smaller", keys: ["-"], words: "smaller notes", only: "speaker" },
  { action: "layout", keys: ["l"], words: "more room for the note, or for the slides", only: "speaker" },
  { action: "timer", keys: ["t"], words: "stop the time, and go on", only: "speaker" },
  { action: "help", keys: ["?"], words: "these keys" },
];

/** Digits and Enter, which no table of single keys can hold. */
export const DIGITS = { keys: ["1", "2", "…", "Enter"], words: "go to the slide of this number" };

const SHOWN: Readonly<Record<string, string>> = {
  " ": "Space", ArrowRight: "→", ArrowLeft: "←", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc",
};

/** A key as it is printed on keyboards. */
export function shown(key: string): string {
  return SHOWN[key] ?? key;
}

export function bindingsIn(window: "audience" | "speaker"): readonly Binding[] {
  return KEYS.filter(({ only }) => only === undefined || only === window);
}

/** Collects digits until Enter, which says where to go. */
export class NumberTyped {
  digits = "";

  /** The number typed when `key` is Enter; undefined while it is being typed; null when this key is for others. */
  press(key: string): number | undefined | null {
    if (/^\d$/.test(key)) {
      this.digits = (this.digits + key).slice(-4);
      return undefined;
    }
    const typed = this.digits;
    this.digits = "";
    if (typed === "") return null;
    if (key === "Enter") return Number(typed);
    return key === "Escape" ? undefined : null;
  }
}

/** The action of a key, unless the key is meant for something else on the page. */
export function actionOf(event: KeyboardEvent, window: "audience" | "speaker"): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  return bindingsIn(window).find(({ keys }) => keys.includes(event.key))?.action ?? null;
}
