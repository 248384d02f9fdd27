/* The editor: CodeMirror, in a script of its own, which the playground loads when the reader is there. */

import { python } from "@codemirror/lang-python";
import { syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { minimalSetup } from "codemirror";
import type { CodeEditor } from "./texts.ts";

declare global {
  interface Window {
    openEditor?: (element: HTMLElement, changed: (text: string) => void) => CodeEditor;
  }
}

window.openEditor = (element, changed) => {
  let name = "";
  const extensions = (isFixed: boolean) => [
    EditorState.readOnly.of(isFixed),
    minimalSetup,
    lineNumbers(),
    syntaxHighlighting(classHighlighter), // the colours are the stylesheet's, for light and dark
    name.endsWith(".py") ? python() : [],
    // Tab goes on to the next thing on the page, as everywhere; the playground's own key runs.
    keymap.of([{ key: "Mod-Enter", run: () => true }]),
    EditorView.contentAttributes.of({ "aria-label": name }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ parent: element });
  view.scrollDOM.tabIndex = 0; // long lines scroll, by keyboard too
  return {
    show(file, text, isFixed) {
      name = file;
      view.setState(EditorState.create({ doc: text, extensions: extensions(isFixed) }));
    },
    line: () => view.state.doc.lineAt(view.state.selection.main.head).number,
  };
};
