/* Looking closer, and touching: zoom at the mouse, Alt and a click, and the fingers' way through the talk. */

import type { Stage } from "./stage.ts";

const FACTOR = 2.2;
const SWIPE_PX = 50;

/** Zoom in at a point of the window, or back out. While zoomed in, the view follows the mouse. */
export class Zoom {
  #mouse = { x: innerWidth / 2, y: innerHeight / 2 };
  #on = false;

  constructor(readonly target: HTMLElement) {
    addEventListener("mousemove", ({ clientX, clientY }) => {
      this.#mouse = { x: clientX, y: clientY };
      if (this.#on) this.#aim();
    });
    target.addEventListener("click", (event) => {
      if (!event.altKey) return;
      event.preventDefault();
      this.toggle();
    });
  }

  get on(): boolean {
    return this.#on;
  }

  toggle(on = !this.#on): void {
    this.#on = on;
    this.target.style.scale = on ? String(FACTOR) : "";
    this.#aim();
  }

  #aim(): void {
    this.target.style.transformOrigin = this.#on ? `${this.#mouse.x}px ${this.#mouse.y}px` : "";
  }
}

/** One finger to the left is the next step, to the right the one before, upwards the wrong program. */
export function listenToFingers(stage: Stage, target: HTMLElement): void {
  let from: Touch | null = null;
  target.addEventListener("touchstart", ({ touches }) => (from = touches.length === 1 ? touches[0]! : null), { passive: true });
  target.addEventListener("touchend", ({ changedTouches }) => {
    const to = changedTouches[0];
    if (!from || !to) return;
    const [dx, dy] = [to.clientX - from.clientX, to.clientY - from.clientY];
    from = null;
    if (Math.max(Math.abs(dx), Math.abs(dy)) < SWIPE_PX) return;
    if (Math.abs(dx) > Math.abs(dy)) dx < 0 ? stage.next() : stage.previous();
    else dy < 0 ? stage.wrong() : stage.right();
  });
}
