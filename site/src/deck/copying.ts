/* Copies code out of listings: a button on each of them, and the key c for the first that is seen. */

import { button } from "./elements.ts";

/** Put a button on every listing. */
export function addCopyButtons(root: ParentNode, announce: (words: string) => void): void {
  for (const listing of root.querySelectorAll<HTMLElement>(".listing")) {
    const copy = button("Copy", () => void copyListing(listing, announce), { class: "copy" });
    if (listing.dataset.file) copy.setAttribute("aria-label", `Copy ${listing.dataset.file}`);
    listing.append(copy);
  }
}

/** Copy the first listing of a section that is seen. */
export function copyFirst(section: HTMLElement, announce: (words: string) => void): void {
  const seen = [...section.querySelectorAll<HTMLElement>(".listing")].find((listing) => !listing.closest(".is-hidden"));
  if (seen) void copyListing(seen, announce);
  else announce("There is no code to copy on this slide.");
}

async function copyListing(listing: HTMLElement, announce: (words: string) => void): Promise<void> {
  const text = `${listing.querySelector("pre")!.textContent!.replace(/\n$/, "")}\n`;
  announce((await copyText(text)) ? "Copied." : "The browser does not let this page copy; select the code and copy it.");
}

/** From disk some browsers have no clipboard for pages; a selection in a hidden field is the old way, which they have. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement as HTMLElement | null;
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
    return copied;
  }
}
