/* Changing a program in front of the audience, where the server was started with --allow-edit. The file stays as it is. */

import { button, element, openDialog } from "../deck/elements.ts";
import type { Connection } from "./connection.ts";

type Programs = Readonly<Record<string, string>>;

/** What was typed last, by example: a second look at it goes on from there. */
const typed = new Map<string, Programs>();

export function showEditor(connection: Connection, example: string, programs: Programs): void {
  const texts = { ...programs, ...typed.get(example) };
  const names = element("select", { "aria-label": "Program" }, ...Object.keys(texts).map((name) => element("option", {}, name)));
  const text = element("textarea", { "aria-label": "Text", spellcheck: "false", rows: "22", cols: "90" });
  const show = () => {
    text.value = texts[names.value] ?? "";
  };
  const run = button("Run", () => {
    const edits = Object.fromEntries(Object.entries(texts).filter(([name, now]) => now !== programs[name]));
    typed.set(example, edits);
    dialog.close();
    connection.say({ type: "run", example, edits });
  });
  names.addEventListener("change", show);
  text.addEventListener("input", () => {
    texts[names.value] = text.value;
  });
  show();
  const dialog = openDialog(`Edit ${example}`, "live-editor", element("p", {}, names, " ", run), text);
  text.focus();
}
