/*
 * A mission: break the program by sliders and seed, without touching it; then mend the program, so that it holds in the
 * same network, and with the next seeds too: one may be luck.
 */

import type { Answer, Request, Sliders } from "./messages.ts";
import type { Mission } from "./programs.ts";

const MORE_SEEDS = 4;

export class Quest {
  private broken: { readonly seed: number; readonly sliders: Sliders } | null = null;

  constructor(readonly mission: Mission) {}

  /** What this run means for the mission, in words. again: runs a request. */
  async judge(request: Request, answer: Answer, isChanged: boolean, again: (request: Request) => Promise<Answer>): Promise<string> {
    const isQuiet = Object.values(request.sliders).every((value) => value === 0);
    if (!answer.holds && isQuiet) return "It fails on a network without faults: that is the program's own doing. Reset it, or mend it.";
    if (!isChanged && answer.holds) return "It holds. Move the sliders, or try another seed.";
    if (!answer.holds) {
      this.broken = isChanged ? this.broken : request;
      return isChanged ? "Not mended yet: it still fails here." : "Broken! Now change the program, so that it holds in this very network.";
    }
    if (!this.broken) return "It holds; but first break the program as it was: reset it, then move the sliders.";
    if (Object.entries(this.broken.sliders).some(([name, value]) => (request.sliders[name] ?? 0) < value))
      return "It holds, but the network is a better one than the one that broke it: move the sliders back.";
    for (let seed = this.broken.seed; seed <= this.broken.seed + MORE_SEEDS; seed++)
      if (!(await again({ ...request, seed })).holds) return `It holds with seed ${request.seed}, and fails with seed ${seed}: try that one.`;
    return `Mended! It holds with the seeds ${this.broken.seed} to ${this.broken.seed + MORE_SEEDS}.`;
  }
}
