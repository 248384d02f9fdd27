/* The place of the talk in the address. A new slide is a new entry, so that the back button undoes; a step replaces. */

import { linkTo, parseLink, type Place } from "./links.ts";

/** Write where the talk is, unless the address says so already. */
export function write(place: Place): void {
  const link = linkTo(place);
  if (location.hash.replace(/@.*/, "") === link) return; // a place in a run, behind the @, is for inside.ts
  if (read()?.slide === place.slide || location.hash === "") history.replaceState(null, "", link);
  else history.pushState(null, "", link); // location.hash would move the focus to the section of that name
}

export function read(): Place | null {
  return parseLink(decodeURIComponent(location.hash));
}

/** Calls back when the reader goes back or forward, follows a link on a slide, or edits the address. */
export function onChange(listener: (place: Place) => void): void {
  addEventListener("hashchange", () => {
    const place = read();
    if (place) listener(place);
  });
}
