/*
 * The texts of the programs: a tab for each file, and the editor below. Until the editor is there, and where it can't
 * be, a plain text area does. What was changed is kept: by the playground while the window is open, so that going back
 * loses nothing; by exercises until it is done.
 */

import { loadScript } from "../lazy.ts";
import { button } from "../deck/elements.ts";
import type { Files } from "./programs.ts";

export interface CodeEditor {
  /** isFixed: whether it can only be read. */
  show(file: string, text: string, isFixed: boolean): void;
  /** The line where the cursor is, from 1. */
  line(): number;
}

export class Texts {
  /** The file that is shown. */
  file = "";
  private files: Record<string, string> = {};
  private before: Files = {};
  private key = "";
  private mine = "";
  private editor: CodeEditor;

  constructor(
    private readonly tabs: HTMLElement,
    place: HTMLElement,
    private readonly changed: () => void,
    private readonly storage: () => Storage = () => sessionStorage,
  ) {
    this.editor = plainEditor(place, (text) => this.edit(text));
    void loadScript("editor.js").then(() => {
      place.replaceChildren();
      this.editor = window.openEditor!(place, (text) => this.edit(text));
      if (this.file) this.show(this.file);
    });
  }

  /** Shows these files, or what the reader has made of them. key: of what is kept. mine: the only one to be changed. */
  open(before: Files, key: string, now?: Files, mine = ""): void {
    this.before = before;
    this.mine = mine;
    this.key = key;
    this.files = { ...before, ...(now ?? this.kept()) };
    const names = Object.keys(this.files);
    this.show(names.find((name) => name === (this.mine || this.file)) ?? names.find((name) => name.endsWith(".py")) ?? names[0]!);
    if (now) this.keep();
  }

  /** Brings back what the files were. */
  reset(): void {
    this.open(this.before, this.key, this.before, this.mine);
  }

  now(): Files {
    return this.files;
  }

  isChanged(): boolean {
    return Object.entries(this.files).some(([name, text]) => this.before[name] !== text);
  }

  line(): number {
    return this.editor.line();
  }

  private show(file: string): void {
    this.file = file;
    const tabs = Object.keys(this.files).map((name) =>
      button(name, () => this.show(name), name === file ? { "aria-current": "true" } : {}),
    );
    this.tabs.replaceChildren(...tabs);
    this.editor.show(file, this.files[file]!, this.mine !== "" && file !== this.mine);
  }

  private edit(text: string): void {
    this.files[this.file] = text;
    this.keep();
    this.changed();
  }

  private keep(): void {
    try {
      if (this.isChanged()) this.storage().setItem(this.key, JSON.stringify(this.ownFiles()));
      else this.storage().removeItem(this.key);
    } catch {
      // a browser that keeps nothing: the reader has turned that off
    }
  }

  private ownFiles(): Files {
    return Object.fromEntries(Object.entries(this.files).filter(([name, text]) => this.before[name] !== text));
  }

  private kept(): Files {
    try {
      return JSON.parse(this.storage().getItem(this.key) ?? "{}");
    } catch {
      return {};
    }
  }
}

function plainEditor(place: HTMLElement, changed: (text: string) => void): CodeEditor {
  const area = document.createElement("textarea");
  area.spellcheck = false;
  area.addEventListener("input", () => changed(area.value));
  place.replaceChildren(area);
  return {
    show(file, text, isFixed) {
      area.setAttribute("aria-label", file);
      area.readOnly = isFixed;
      area.value = text;
    },
    line: () => area.value.slice(0, area.selectionStart).split("\n").length,
  };
}
