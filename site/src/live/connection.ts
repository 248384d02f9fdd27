/*
 * The WebSocket to `lecture serve`. It comes back by itself: the server may have been started again, the laptop may
 * have slept. A token that the server doesn't know, as one of an earlier start, is refused; then this page follows.
 */

import type { Heard, Said } from "./messages.ts";

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8000;

export class Connection {
  #socket: WebSocket | null = null;
  #delay = FIRST_DELAY_MS;
  #withToken: boolean;

  /** address: with a place for the token, which is null for a follower. changed: hears whether there is a connection. */
  constructor(
    readonly address: URL,
    readonly token: string | null,
    readonly heard: (message: Heard) => void,
    readonly changed: (open: boolean) => void,
  ) {
    this.#withToken = token !== null;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open(): void {
    const address = new URL(this.address);
    if (this.#withToken) address.searchParams.set("token", this.token!);
    const socket = (this.#socket = new WebSocket(address));
    let opened = false;
    socket.addEventListener("open", () => {
      opened = true;
      this.#delay = FIRST_DELAY_MS;
      this.changed(true);
    });
    socket.addEventListener("message", ({ data }) => this.heard(JSON.parse(String(data)) as Heard));
    socket.addEventListener("close", () => this.#closed(opened));
  }

  /** Say something, if there is anybody to hear it. */
  say(message: Said): void {
    if (this.isOpen) this.#socket!.send(JSON.stringify(message));
  }

  #closed(wasOpen: boolean): void {
    if (wasOpen) this.changed(false);
    // Refused, or nobody there: a browser doesn't tell. Without the token we learn which.
    else if (this.token !== null) this.#withToken = !this.#withToken;
    setTimeout(() => this.open(), this.#delay);
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY_MS);
  }
}
