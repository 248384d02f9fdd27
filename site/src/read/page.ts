/*
 * What the build has written into a page for its script, and the few things that every module here needs.
 */

const body = document.body;

/** The page of this kind of link (`next`, `prev`, `contents`), if there is one. */
export function linked(rel: string): string | null {
  return document.querySelector(`link[rel="${rel}"]`)?.getAttribute("href") ?? null;
}

/** What stands in an attribute `data-…` of the page; "" when nothing does. */
export function told(name: "first" | "last" | "search" | "slide" | "present"): string {
  return body.dataset[name] ?? "";
}

export function go(address: string | null): void {
  if (address) location.href = address;
}

export const isSlide = body.classList.contains("page-slide");

/** A new element with this text, put at the end of `parent` if one is given. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text: string,
  parent?: Element,
  look = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.textContent = text;
  if (look) element.className = look;
  parent?.append(element);
  return element;
}
