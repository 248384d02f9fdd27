/* Every key of the stepper in one table: the keyboard obeys it, the buttons are made from it, and `?` shows it. */

import type { Stride } from "./moves.ts";

export type Action =
  | { readonly does: "stride"; readonly stride: Stride; readonly forwards: boolean }
  | { readonly does: "first" | "last" | "play" | "why" | "next" | "difference" | "lines" | "help" | "close" };

export interface Binding {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly words: string;
  readonly action: Action;
  /** What stands on its button, if it has one. */
  readonly label?: string;
}

function pair(stride: Stride, back: string[], on: string[], name: string): Binding[] {
  return [
    { keys: back, shown: shown(back), words: `${name} back`, action: { does: "stride", stride, forwards: false }, label: "‹" },
    { keys: on, shown: shown(on), words: `next ${name}`, action: { does: "stride", stride, forwards: true }, label: "›" },
  ];
}

function shown(keys: readonly string[]): string {
  const names: Readonly<Record<string, string>> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", " ": "Space" };
  return keys.map((key) => names[key] ?? key).join("  ");
}

export const KEYS: readonly Binding[] = [
  ...pair("line", ["ArrowLeft", "ArrowUp"], ["ArrowRight", "ArrowDown"], "line"),
  ...pair("event", ["E"], ["e"], "event"),
  ...pair("turn", ["T"], ["t"], "turn"),
  ...pair("packet", ["P"], ["p"], "packet"),
  ...pair("output", ["O"], ["o"], "output"),
  { keys: [" "], shown: "Space", words: "play, and stop", action: { does: "play" } },
  { keys: ["Home"], shown: "Home", words: "the beginning", action: { does: "first" } },
  { keys: ["End"], shown: "End", words: "the end", action: { does: "last" } },
  { keys: ["w"], shown: "w", words: "why? from cause to cause", action: { does: "why" } },
  { keys: ["n"], shown: "n", words: "what happens next? say it before you see it", action: { does: "next" } },
  { keys: ["d"], shown: "d", words: "where two runs differ first", action: { does: "difference" } },
  { keys: ["l"], shown: "l", words: "to the lines: ↑ ↓ choose one, Enter goes to when it runs", action: { does: "lines" } },
  { keys: ["?"], shown: "?", words: "these keys", action: { does: "help" } },
  { keys: ["Escape"], shown: "Esc", words: "close", action: { does: "close" } },
];

export function actionOf(key: string): Action | null {
  return KEYS.find(({ keys }) => keys.includes(key))?.action ?? null;
}
