/* Puts the audience's window together: the stage, its keys, and the line to the speaker's window. */

import Reveal from "reveal.js";

import { addBar } from "./bar.ts";
import { Channel, randomName } from "./channel.ts";
import { addCopyButtons, copyFirst } from "./copying.ts";
import { showHelp, showOverview, showSearch } from "./dialogs.ts";
import { announcer, element } from "./elements.ts";
import { Inside } from "./inside.ts";
import { listenToKeys } from "./keyboard.ts";
import type { Action } from "./keys.ts";
import { listenToFingers, Zoom } from "./looking.ts";
import type { Message } from "./messages.ts";
import { readTalk } from "./page.ts";
import { Stage } from "./stage.ts";

export async function startAudience(wrapper: HTMLElement): Promise<void> {
  // reveal.js reads whole slides out on every move, into an element of this class. We focus the heading and tell the
  // step instead, so it gets one that nobody hears.
  wrapper.append(element("div", { class: "aria-status", hidden: "" }));
  const reveal = new Reveal(wrapper, {
    width: 1280, height: 720, margin: 0, minScale: 0.1, maxScale: 10, center: false, transition: "none",
    backgroundTransition: "none", controls: false, progress: false, hash: false, respondToHashChanges: false,
    keyboard: false, touch: false, overview: false, fragments: false, help: false, pause: false, jumpToSlide: false,
    viewDistance: 1, mobileViewDistance: 1, postMessage: false, scrollActivationWidth: 0, focusBodyOnPageVisibilityChange: false,
  });
  await reveal.initialize();
  // An application keeps a screen reader's own keys from it.
  wrapper.setAttribute("role", "main");
  const announce = announcer();
  const stage = new Stage(readTalk(), reveal, announce);
  const inside = new Inside(stage);
  const act = actions(stage, inside, new Zoom(wrapper), announce);
  // The talk stays where it is when somebody follows a link out of it.
  for (const link of wrapper.querySelectorAll<HTMLAnchorElement>("a[href]:not([href^='#'])")) link.target = "_blank";
  addCopyButtons(wrapper, announce);
  addBar(stage, act);
  listenToKeys("audience", act, (number) => stage.go(number));
  listenToFingers(stage, wrapper);
  window.deck = stage;
  dispatchEvent(new Event("deck-ready"));
}

function actions(stage: Stage, inside: Inside, zoom: Zoom, announce: (words: string) => void): (action: Action) => void {
  const { talk } = stage;
  const go = (place: { slide: string; step: number }) => void stage.go(place.slide, place.step);
  const table: Partial<Record<Action, () => unknown>> = {
    next: () => stage.next(),
    previous: () => stage.previous(),
    first: () => go(talk.first),
    last: () => go(talk.last),
    wrong: () => stage.wrong(),
    right: () => stage.right(),
    output: () => stage.showOutput(),
    hold: () => stage.hold(!stage.holding),
    run: () => stage.run(),
    inside: () => inside.toggle(),
    stop: () => stage.stop(),
    blank: () => stage.blank(),
    zoom: () => zoom.toggle(),
    scheme: () => stage.scheme(),
    search: () => showSearch(talk, go),
    overview: () => (zoom.on ? zoom.toggle(false) : stage.view().blank ? stage.blank(false) : showOverview(talk, stage.at(), go)),
    copy: () => copyFirst(stage.section, announce),
    fullscreen: toggleFullscreen,
    help: () => showHelp("audience"),
  };
  const line = new SpeakerLine(stage, inside, (action) => table[action]?.());
  table.speaker = () => line.openWindow();
  return (action) => void table[action]?.();
}

export function toggleFullscreen(): Promise<void> {
  return document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
}

/** Tells the speaker's window what is seen, and does what it asks for. */
class SpeakerLine {
  readonly #channel: Channel;
  #window: Window | null = null;

  constructor(
    readonly stage: Stage,
    readonly inside: Inside,
    readonly act: (action: Action) => void,
  ) {
    this.#channel = new Channel(talkName(), (message) => this.#obey(message));
    stage.onMove(() => this.#channel.send(stage.view()));
    addEventListener("pagehide", () => this.#channel.send({ kind: "closed" }));
  }

  openWindow(): void {
    if (this.#window && !this.#window.closed) return this.#window.focus();
    const address = new URL(location.href);
    address.searchParams.set("speaker", this.#channel.talk);
    this.#window = open(address, `speaker-${this.#channel.talk}`, "popup,width=1200,height=800");
    if (this.#window) this.#channel.addWindow(this.#window);
    else this.stage.tell("The browser lets no window open from here: allow it for this page, and press s again.");
  }

  #obey(message: Message): void {
    if (message.kind === "hello") this.#channel.send(this.stage.view());
    else if (message.kind === "do") this.act(message.action);
    else if (message.kind === "go") this.stage.go(message.place.slide, message.place.step);
    else if (message.kind === "hold") this.stage.hold(message.on);
    else if (message.kind === "key") this.inside.press(message.key);
  }
}

/** The name of this tab's talk. It outlives a reload, so that the speaker's window finds the deck again. */
function talkName(): string {
  try {
    const known = sessionStorage.getItem("lecture.talk") ?? randomName();
    sessionStorage.setItem("lecture.talk", known);
    return known;
  } catch {
    return randomName();
  }
}
