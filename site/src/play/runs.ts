/* Calls Python in the pool, which is there from the first call on, and tells what happens in words. */

import type { Answer, Call, Heard, Request } from "./messages.ts";
import { Pool, Stopped } from "./pool.ts";
import { loadRuntime } from "./runtime.ts";

export class Runs {
  /** Whether a program runs now. */
  isBusy = false;
  private pool: Promise<Pool> | null = null;

  /** prepare: what Python runs first; it defines the functions that can be called. */
  constructor(
    private readonly tell: (words: string) => void,
    private readonly prepared = "from lecture.programs.simulation.playing import play",
  ) {}

  /** Begins to load Python. */
  prepare(): void {
    this.tell("Python is loading …");
    this.pool = loadRuntime(this.prepared).then((runtime) => new Pool(runtime));
    this.pool.then((pool) => pool.ready).then(
      () => this.isBusy || this.tell("Python is ready."),
      (problem) => this.tell(problem.message),
    );
  }

  /** The answer to a program; null if there is none: it was stopped, or Python can't run. */
  async run(request: Request, printed: (place: number, text: string) => void): Promise<Answer | null> {
    try {
      const begun = performance.now();
      this.tell("Running …");
      const answer = await this.ask<Answer>({ name: "play", request }, printed as Heard);
      this.tell(answer.error ?? `Ran in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
      return answer.error === undefined ? answer : null;
    } catch (problem) {
      const said = problem instanceof Stopped ? "Stopped. What was printed until then is here." : (problem as Error).message;
      this.tell(said.includes("call stack") ? "A recursion was too deep, even for Python's own stack: that Python is gone, another one is here." : said);
      return null;
    }
  }

  /** Calls a function. Rejects with Stopped when that was stopped, and with an Error in words when Python can't. */
  async ask<A>(call: Call, heard: Heard): Promise<A> {
    this.isBusy = true;
    try {
      return await (await this.pool!).ask<A>(call, heard);
    } finally {
      this.isBusy = false;
    }
  }

  /** Gives the next call a Python that no program has changed. */
  async renew(): Promise<void> {
    (await this.pool!).renew();
  }

  /** Ends the run, whatever it does. */
  async stop(): Promise<void> {
    if (this.isBusy) (await this.pool!).stop();
  }

  /** Resolves when Stop has a spare Python to go on with. */
  async spareReady(): Promise<void> {
    await (await this.pool!).spareReady;
  }
}
