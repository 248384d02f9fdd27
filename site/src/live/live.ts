/*
 * The script that `lecture serve` adds to each page: loads the page again when the deck was built anew, tells of
 * mistakes, follows the speaker, and shows programs that run. In a deck the speaker's pages are those that were opened
 * by the link with the token; on a reading page, and in the speaker's window, there are only reloads and mistakes.
 */

import type { DeckApi } from "../deck/api.ts";
import { button } from "../deck/elements.ts";
import { samePlace } from "../deck/links.ts";
import { Connection } from "./connection.ts";
import { showEditor } from "./editing.ts";
import { Following } from "./following.ts";
import { takeToken } from "./memory.ts";
import type { Heard } from "./messages.ts";
import { showMistakes } from "./notices.ts";
import { Running } from "./running.ts";

const hash = location.hash; // before the deck writes its place there

function connect(hear: (message: Heard) => void, changed: (open: boolean) => void): Connection | null {
  const place = metaContent("lecture-live");
  if (place === null) return null;
  const address = new URL(place, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.search = address.hash = "";
  const heard = (message: Heard) => {
    if (message.type === "built" && message.build !== "" && message.build !== metaContent("lecture-build")) location.reload();
    else if (message.type === "broken") showMistakes(message.errors);
    else hear(message);
  };
  return new Connection(address, takeToken(), heard, changed);
}

function metaContent(name: string): string | null {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? null;
}

class LiveDeck {
  readonly #following: Following;
  readonly #running: Running;
  readonly #connection: Connection;
  readonly #run = button("Run", () => void this.deck.run(), { title: "r" });
  readonly #stop = button("Stop", () => this.#running.stop(), { title: "x", class: "live-stop" });
  readonly #edit = button("Edit", () => this.#connection.say({ type: "source", example: this.#example }));
  #role = "";
  #mayEdit = false;

  constructor(readonly deck: DeckApi) {
    this.#following = new Following(deck, hash);
    document.querySelector(".deck-bar")?.prepend(this.#following.back, this.#run, this.#stop, this.#edit);
    this.#connection = connect((message) => this.#hear(message), (open) => this.#connected(open))!;
    this.#running = new Running(deck, this.#connection, () => this.#role === "speaker");
    let last = deck.at();
    deck.onMove((place) => {
      if (!samePlace(last, place)) this.#moved();
      last = place;
      this.#show();
    });
    this.#connection.open();
  }

  /** The first example of this slide, "" if there is none. */
  get #example(): string {
    const session = document.getElementById(this.deck.at().slide)?.querySelector<HTMLElement>(".session[data-example]");
    return session?.dataset.example ?? "";
  }

  #connected(open: boolean): void {
    if (!open) this.deck.tell("The server doesn't answer; recorded runs can be shown.");
  }

  #hear(message: Heard): void {
    if (message.type === "hello") this.#greeted(message.role, message.edit);
    else if (message.type === "place") this.#following.speakerAt(message);
    else if (message.type === "run") this.#running.hear(message);
    else if (message.type === "refused") this.deck.tell(message.why);
    else if (message.type === "source") showEditor(this.#connection, message.example, message.programs);
    this.#show();
  }

  #greeted(role: string, edit: boolean): void {
    this.#role = role;
    this.#mayEdit = edit;
    if (role === "follower" && this.#connection.token !== null) this.deck.tell("The server was started again: open its new link to speak.");
    this.#moved();
  }

  #moved(): void {
    if (this.#role !== "speaker") return;
    const { slide, step } = this.deck.at();
    this.#connection.say({ type: "moved", slide, step });
  }

  #show(): void {
    const runs = this.#running?.isOn ?? false;
    const can = this.#role === "speaker" && this.#example !== "";
    this.#run.hidden = !can || runs;
    this.#stop.hidden = !runs || this.#role !== "speaker";
    this.#edit.hidden = !can || runs || !this.#mayEdit;
  }
}

function start(): void {
  const isStage = document.body.classList.contains("deck") && !new URLSearchParams(location.search).has("speaker");
  if (!isStage) return connect(() => undefined, () => undefined)?.open();
  const begin = () => void new LiveDeck(window.deck!);
  if (window.deck) begin();
  else addEventListener("deck-ready", begin, { once: true });
}

start();
