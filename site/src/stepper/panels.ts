/* What there is at a step: programs with their loops, timers and variables, connections with their buffers, packets on their way. */

import { button, element } from "../deck/elements.ts";
import type { Timeline } from "./api.ts";
import type { State } from "./state.ts";
import { quoted, thingName } from "./words.ts";

const BUFFERS: readonly (readonly [string, string])[] = [
  ["kernel_in", "kernel, to be read"],
  ["buffer", "transport"],
  ["kernel_out", "kernel, on its way"],
];
const FULL_BYTES = 65_536; // a bar of this many bytes is full; fewer are drawn by their logarithm

/** Draws everything but source and output. changed: the names that the last step has set. */
export function drawPanels(timeline: Timeline, state: State, changed: ReadonlySet<string>): HTMLElement[] {
  const programs = timeline.programs.map((program, number) => {
    const own = (letter: string) => state.things(letter).filter((name) => timeline.things[name]?.program === number);
    return card(`${program.name}${program.host ? ` on ${program.host}` : ""}`, [
      rows(loopOf(state, number), changed),
      section("Timers", rows(own("t").sort((a, b) => due(state, a) - due(state, b)).map((name) => [thingName(timeline, name), `due at ${due(state, name)} s`, `${name}.due`]), changed)),
      section("Variables", rows(variables(state.values.get(`p${number}.locals`), `p${number}.locals`), changed)),
      ...own("c").map((name) => connection(timeline, state, name, changed)),
      section("Ports", rows([...own("l"), ...own("u"), ...own("o")].map((name) => [thingName(timeline, name), String(state.values.get(`${name}.state`) ?? ""), `${name}.state`]), changed)),
      section("Deferreds", rows(own("d").map((name) => [name, state.of(name).map(([, value]) => value).join(": "), `${name}.state`]), changed)),
    ]);
  });
  const objects = [...state.things("f"), ...state.things("s")].map((name) => section(thingName(timeline, name), rows(attributes(state, name), changed)));
  const packets = state.things("k").map((name): Row => [`${name}: ${timeline.things[name]?.here} → ${timeline.things[name]?.there}`, `arrives at ${String(state.values.get(`${name}.arrives`))} s`, `${name}.arrives`]);
  return [...programs, card("Factories and other objects", objects), card("Packets on their way", [rows(packets, changed)])].filter((panel) => panel !== null);
}

type Row = readonly [name: string, value: string, full: string];

function loopOf(state: State, number: number): Row[] {
  const value = (what: string) => state.values.get(`p${number}.${what}`);
  const sleeps = value("sleeps");
  const told: Row[] = [["program", String(value("state") ?? "not begun"), `p${number}.state`]];
  if (value("loop") !== undefined) told.push(["loop", `${String(value("loop"))}, turn ${String(value("turn") ?? 0)}`, `p${number}.turn`]);
  if (sleeps !== undefined) told.push(["sleeps", sleeps === "for ever" ? "until somebody is ready" : `until ${String(sleeps)} s`, `p${number}.sleeps`]);
  return told;
}

function connection(timeline: Timeline, state: State, name: string, changed: ReadonlySet<string>): HTMLElement {
  const { here = "", there = "" } = timeline.things[name] ?? {};
  const what = ["state", "tcp", "producer"].flatMap((key) => state.values.get(`${name}.${key}`) ?? []).join(", ");
  const bars = BUFFERS.map(([key, label]) => buffer(label, state.values.get(`${name}.${key}`), changed.has(`${name}.${key}`)));
  const own = attributes(state, name).filter(([key]) => key.startsWith("protocol."));
  return element(
    "div",
    { class: "st-connection" },
    element("h4", {}, `${thingName(timeline, name)} ${what}`),
    element("p", { class: "st-ends" }, `${here} → ${there}`),
    element("div", { class: "st-buffers" }, ...bars),
    rows(own, changed) ?? "",
  );
}

function buffer(label: string, value: unknown, isNew: boolean): HTMLElement {
  const [size, first] = (value ?? [0, ""]) as [number, string];
  const shown = size ? `${size.toLocaleString("en-US")} bytes: b${quoted(first, /[ -~]/)}${size > first.length ? "…" : ""}` : "empty";
  const fill = element("span", { class: "st-fill" });
  fill.style.width = `${Math.min(100, (100 * Math.log2(size + 1)) / Math.log2(FULL_BYTES))}%`;
  return element("div", { class: `st-buffer${isNew ? " is-new" : ""}` }, fill, element("b", {}, label), element("span", {}, shown));
}

function variables(value: unknown, full: string): Row[] {
  return Object.entries((value ?? {}) as Record<string, string>).map(([name, shown]) => [name, shown, full]);
}

function attributes(state: State, name: string): Row[] {
  return state.of(name).map(([key, value]) => [key, String(value), `${name}.${key}`]);
}

function due(state: State, name: string): number {
  return Number(state.values.get(`${name}.due`));
}

function rows(list: readonly Row[], changed: ReadonlySet<string>): HTMLElement | null {
  if (list.length === 0) return null;
  const cells = list.flatMap(([name, value, full]) => [element("dt", {}, name), element("dd", changed.has(full) ? { class: "is-new" } : {}, value)]);
  return element("dl", {}, ...cells);
}

function section(title: string, inside: HTMLElement | null): HTMLElement | null {
  return inside && element("div", {}, element("h4", {}, title), inside);
}

function card(title: string, inside: readonly (HTMLElement | null)[]): HTMLElement | null {
  const parts = inside.filter((part) => part !== null);
  return parts.length === 0 ? null : element("section", { class: "st-card" }, element("h3", {}, title), ...parts);
}

/** What the programs have printed until a step; each piece leads to the step that printed it. */
export function drawOutput({ steps, programs }: Timeline, position: number, go: (position: number) => void): HTMLElement {
  const pieces = steps.slice(0, position).flatMap(({ kind, data = "", program = 0 }, number) => {
    if (kind !== "output" || data === "") return [];
    const words = data.replace(/\n$/, "");
    return [button(words, () => go(number + 1), { title: `Printed by ${programs[program]?.name} in step ${number + 1}` })];
  });
  return element("section", { class: "st-output", "aria-label": "Output so far" }, element("h3", {}, "Output so far"), ...(pieces.length ? pieces : ["nothing yet"]));
}
