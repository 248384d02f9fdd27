/* Makes elements of the page: a name, attributes, children. */

type Children = readonly (Node | string)[];

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Children
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function button(words: string, act: () => void, attributes: Readonly<Record<string, string>> = {}): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, words);
  made.addEventListener("click", act);
  return made;
}

/** A region that a screen reader reads out whenever its words change. */
export function announcer(): (words: string) => void {
  const region = element("div", { class: "unseen", role: "status", "aria-live": "polite" });
  document.body.append(region);
  return (words) => {
    region.textContent = words;
  };
}

/** Open a dialog that is gone when it is closed. */
export function openDialog(label: string, className: string, ...children: Children): HTMLDialogElement {
  document.querySelector<HTMLDialogElement>("dialog[open]")?.close();
  const close = element("button", { type: "submit", class: "close", "aria-label": "Close" }, "×");
  const dialog = element("dialog", { class: className, "aria-label": label }, element("form", { method: "dialog" }, close), ...children);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
