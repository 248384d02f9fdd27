/*
 * A follower's deck goes where the speaker is, until its reader goes somewhere else; then it stays there, and a button
 * leads back. Whoever opens a link to a slide has gone there, and isn't dragged away.
 */

import type { DeckApi } from "../deck/api.ts";
import { button } from "../deck/elements.ts";
import { samePlace, type Place } from "../deck/links.ts";
import { recall, store } from "./memory.ts";

const WANDERS = "lecture.wanders";

export class Following {
  readonly back = button("Back to the speaker", () => this.follow(), { class: "live-back" });
  #speaker: Place | null = null;
  #last: Place;
  #wanders: boolean;
  #isDriven = false;

  /** hash: of the address with which the page was opened. */
  constructor(readonly deck: DeckApi, hash: string) {
    this.#wanders = (recall(WANDERS) ?? (hash.length > 1 ? "yes" : "no")) === "yes";
    this.#last = deck.at();
    deck.onMove((place) => this.#moved(place));
    this.#show();
  }

  /** The speaker is there now. */
  speakerAt(place: Place): void {
    this.#speaker = place;
    if (!this.#wanders) this.#drive(place);
    this.#show();
  }

  follow(): void {
    this.#wander(false);
    if (this.#speaker) this.#drive(this.#speaker);
  }

  #moved(place: Place): void {
    const isMove = !samePlace(place, this.#last);
    this.#last = place;
    if (isMove && !this.#isDriven) this.#wander(true);
  }

  #drive({ slide, step }: Place): void {
    this.#isDriven = true;
    this.deck.go(slide, step);
    this.#isDriven = false;
  }

  #wander(on: boolean): void {
    this.#wanders = on;
    store(WANDERS, on ? "yes" : "no");
    this.#show();
  }

  #show(): void {
    this.back.hidden = !this.#wanders || this.#speaker === null;
  }
}
