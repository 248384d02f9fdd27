/* Whether the speaker is on time: what has passed against what was planned until this step. */

/** Less than this, in seconds, is no deviation worth a glance. */
const TOLERANCE_S = 30;

/**
 * elapsed_s: since the talk began.
 * planned: when this step begins and ends, in minutes.
 * Returns seconds behind the plan, negative if ahead, 0 while the plan is kept.
 */
export function deviation(elapsed_s: number, planned: { from: number; to: number }): number {
  const late = elapsed_s - planned.to * 60;
  const early = elapsed_s - planned.from * 60;
  if (late > TOLERANCE_S) return late;
  return early < -TOLERANCE_S ? early : 0;
}

export function paceInWords(behind_s: number): string {
  if (behind_s === 0) return "on time";
  return `${span(Math.abs(behind_s))} ${behind_s > 0 ? "behind" : "ahead"}`;
}

function span(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}

/** 4:05, or 1:04:05. */
export function clockFace(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A stopwatch that can be written down and read again. All times are milliseconds since 1970. */
export interface Stopwatch {
  readonly startedAt: number | null;
  readonly stoppedAt: number | null;
}

export const NOT_STARTED: Stopwatch = { startedAt: null, stoppedAt: null };

export function elapsed(watch: Stopwatch, now: number): number {
  return watch.startedAt === null ? 0 : ((watch.stoppedAt ?? now) - watch.startedAt) / 1000;
}

/** Start it, stop it, or let it go on from where it was stopped. */
export function pressed({ startedAt, stoppedAt }: Stopwatch, now: number): Stopwatch {
  if (startedAt === null) return { startedAt: now, stoppedAt: null };
  if (stoppedAt === null) return { startedAt, stoppedAt: now };
  return { startedAt: now - (stoppedAt - startedAt), stoppedAt: null };
}
