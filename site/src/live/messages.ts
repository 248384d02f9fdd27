/*
 * What a page and `lecture serve` say to each other over the WebSocket, as JSON. The server's half, which checks what
 * pages say, is lecture/serve/messages.py and audience.py.
 */

import type { Place } from "../deck/links.ts";

/** From a page of the speaker's. A follower's page says nothing: the server would send it away. */
export type Said =
  | ({ readonly type: "moved" } & Place)
  | { readonly type: "run"; readonly example: string; readonly edits?: Readonly<Record<string, string>> }
  | { readonly type: "stop"; readonly late: boolean }
  | { readonly type: "source"; readonly example: string };

export interface Mistake {
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly slide: string;
  readonly diff: string;
}

/** place: the number of a command among all of its session, from 0. */
export type RunEvent =
  | { readonly what: "started"; readonly example: string; readonly edited: boolean }
  | { readonly what: "typed"; readonly place: number }
  | { readonly what: "output"; readonly place: number; readonly text: string }
  | { readonly what: "cut"; readonly place: number }
  | { readonly what: "ended"; readonly place: number; readonly status: number }
  | { readonly what: "held"; readonly held: boolean }
  | { readonly what: "error"; readonly message: string }
  | { readonly what: "recorded"; readonly why: string }
  | { readonly what: "stopped" };

/** To a page. */
export type Heard =
  | { readonly type: "hello"; readonly role: "speaker" | "follower"; readonly edit: boolean }
  | { readonly type: "built"; readonly build: string }
  | { readonly type: "broken"; readonly errors: readonly Mistake[] }
  | ({ readonly type: "place" } & Place)
  | ({ readonly type: "run"; readonly run: number } & RunEvent)
  | { readonly type: "refused"; readonly why: string }
  | { readonly type: "source"; readonly example: string; readonly programs: Readonly<Record<string, string>> };
