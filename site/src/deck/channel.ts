/*
 * Carries messages between the two windows of one talk, from disk as well as over http. No single way works everywhere:
 * a window that was opened by hand or outlived the one that opened it has nobody to post to, and some browsers keep
 * files on disk apart from each other. So each message goes by every way there is, with a number, and is heard once.
 *
 * Windows find each other by the name of the talk, which the audience's window makes up and hands to the speaker's.
 * Another tab with the same deck has another name: it neither drives this talk nor is dragged along.
 */

import type { Message } from "./messages.ts";

interface Envelope {
  readonly talk: string;
  readonly from: string;
  readonly number: number;
  readonly message: Message;
}

export class Channel {
  readonly #me = randomName();
  readonly #heard = new Map<string, number>();
  readonly #windows = new Set<Window>();
  readonly #broadcast: BroadcastChannel | null;
  // Starts at the time, so that a window which was loaded again is not taken for its own echo.
  #number = Date.now();

  constructor(
    readonly talk: string,
    readonly onMessage: (message: Message) => void,
  ) {
    this.#broadcast = broadcastChannel(talk);
    this.#broadcast?.addEventListener("message", ({ data }) => this.#receive(data));
    addEventListener("message", ({ data, source }) => this.#receive(data, source as Window | null));
    addEventListener("storage", ({ key, newValue }) => {
      if (key === this.#storageKey && newValue) this.#receive(parsed(newValue));
    });
  }

  /** Post to this window too: the one that opened us, or that we opened. */
  addWindow(other: Window | null): void {
    if (other) this.#windows.add(other);
  }

  send(message: Message): void {
    this.#number += 1;
    const envelope: Envelope = { talk: this.talk, from: this.#me, number: this.#number, message };
    this.#broadcast?.postMessage(envelope);
    for (const other of this.#windows) {
      if (other.closed) this.#windows.delete(other);
      else other.postMessage(envelope, "*"); // a file on disk has no origin that one could name
    }
    this.#store(envelope);
  }

  get #storageKey(): string {
    return `lecture.talk.${this.talk}`;
  }

  #store(envelope: Envelope): void {
    try {
      localStorage.setItem(this.#storageKey, JSON.stringify(envelope));
      localStorage.removeItem(this.#storageKey);
    } catch {
      // One way less.
    }
  }

  #receive(data: unknown, source: Window | null = null): void {
    if (!isEnvelope(data) || data.talk !== this.talk || data.from === this.#me) return;
    this.addWindow(source);
    if (data.number <= (this.#heard.get(data.from) ?? 0)) return;
    this.#heard.set(data.from, data.number);
    this.onMessage(data.message);
  }
}

/** A name that no other talk in this browser has. */
export function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function broadcastChannel(talk: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(`lecture.talk.${talk}`);
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isEnvelope(data: unknown): data is Envelope {
  return typeof data === "object" && data !== null && "talk" in data && "from" in data && "message" in data;
}
