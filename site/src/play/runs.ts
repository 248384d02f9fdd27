/* Runs programs in the pool, which is there from the first run on, and tells what happens in words. */

import type { Answer, Request } from "./messages.ts";
import { Pool, Stopped } from "./pool.ts";
import { loadRuntime } from "./runtime.ts";

export class Runs {
  /** Whether a program runs now. */
  isBusy = false;
  private pool: Promise<Pool> | null = null;

  constructor(private readonly tell: (words: string) => void) {}

  /** Begins to load Python. */
  prepare(): void {
    this.tell("Python is loading …");
    this.pool = loadRuntime().then((runtime) => new Pool(runtime));
    this.pool.then((pool) => pool.ready).then(
      () => this.isBusy || this.tell("Python is ready."),
      (problem) => this.tell(problem.message),
    );
  }

  /** The answer; null if there is none: it was stopped, or Python can't run. */
  async run(request: Request, printed: (place: number, text: string) => void): Promise<Answer | null> {
    this.isBusy = true;
    try {
      const pool = await this.pool!;
      const begun = performance.now();
      this.tell("Running …");
      const answer = await pool.run(request, printed);
      this.tell(answer.error ?? `Ran in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
      return answer.error === undefined ? answer : null;
    } catch (problem) {
      const said = problem instanceof Stopped ? "Stopped. What was printed until then is here." : (problem as Error).message;
      this.tell(said.includes("call stack") ? "A recursion was too deep, even for Python's own stack: that Python is gone, another one is here." : said);
      return null;
    } finally {
      this.isBusy = false;
    }
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
