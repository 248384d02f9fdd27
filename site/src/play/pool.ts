/*
 * The workers: one that runs programs, and a spare one. A worker that runs a program can't be spoken to, so Stop ends
 * it, whatever it does, and the spare one takes its place: that has Python in its memory already.
 */

import type { Call, FromWorker, Heard, ToWorker } from "./messages.ts";
import type { Runtime } from "./runtime.ts";

class PythonWorker {
  readonly ready: Promise<void>;
  private readonly worker: Worker;
  private answered: ((answer: string) => void) | null = null;
  private failed: (problem: Error) => void = () => {};
  private heard: Heard = () => {};

  constructor(runtime: Runtime, keep: (snapshot: Blob) => void) {
    this.worker = new Worker(runtime.script);
    this.ready = new Promise((resolve, reject) => {
      this.failed = reject;
      this.worker.onerror = (event) => this.failed(new Error(event.message));
      this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if ("ready" in data && data.snapshot) keep(data.snapshot);
        if ("ready" in data) resolve();
        else this.hear(data);
      };
    });
    this.ready.catch(() => {});
    this.say({ boot: runtime.boot });
  }

  async ask({ name, request }: Call, heard: Heard): Promise<string> {
    await this.ready;
    return new Promise((resolve, reject) => {
      [this.answered, this.failed, this.heard] = [resolve, reject, heard];
      this.say({ call: name, request: JSON.stringify(request) });
    });
  }

  end(problem: Error): void {
    this.worker.terminate();
    this.failed(problem);
  }

  private say(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private hear(data: FromWorker): void {
    if ("told" in data) this.heard(...data.told);
    else if ("answer" in data) this.answered?.(data.answer);
    else if ("failed" in data) this.failed(new Error(data.failed));
  }
}

/** A run was stopped by the reader. */
export class Stopped extends Error {}

export class Pool {
  private active: PythonWorker;
  private spare: PythonWorker | null = null;

  constructor(private runtime: Runtime) {
    this.active = this.made();
    void this.refill();
  }

  /** Resolves when programs can run. */
  get ready(): Promise<void> {
    return this.active.ready;
  }

  /** Resolves when the next Stop has somebody to take over. */
  get spareReady(): Promise<void> {
    return this.spare?.ready ?? this.active.ready.then(() => this.spare?.ready);
  }

  /** Calls Python. Rejects with Stopped when that was stopped, or because Python broke; the pool is fit again then. */
  async ask<A>(call: Call, heard: Heard): Promise<A> {
    const worker = this.active;
    try {
      return JSON.parse(await worker.ask(call, heard)) as A;
    } catch (problem) {
      if (worker === this.active) this.replace(problem as Error); // a recursion too deep for C ends Pyodide for good
      throw problem;
    }
  }

  /** Ends the run at once. */
  stop(): void {
    this.replace(new Stopped("stopped"));
  }

  /** Another Python instead of this one, which programs may have changed. */
  renew(): void {
    this.replace(new Stopped("renewed"));
  }

  private replace(problem: Error): void {
    const old = this.active;
    this.active = this.spare ?? this.made();
    this.spare = null;
    old.end(problem);
    void this.refill();
  }

  private made(): PythonWorker {
    return new PythonWorker(this.runtime, (snapshot) => {
      this.runtime = { ...this.runtime, boot: { ...this.runtime.boot, snapshot } };
    });
  }

  /** A spare one, when the active one is ready: two that begin at once would both be late. */
  private async refill(): Promise<void> {
    const { active } = this;
    await active.ready.catch(() => {});
    if (active !== this.active || this.spare) return;
    const spare = (this.spare = this.made());
    await spare.ready.catch(() => this.withoutSnapshot(spare));
  }

  private withoutSnapshot(spare: PythonWorker): void {
    if (this.spare !== spare || !this.runtime.boot.snapshot) return;
    this.runtime = { ...this.runtime, boot: { ...this.runtime.boot, snapshot: null } };
    this.spare = this.made();
  }
}
