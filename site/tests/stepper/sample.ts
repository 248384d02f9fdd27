/* A small run: a server that echoes one message, with two lines, a packet and an output. */

import type { Step, Timeline } from "../../src/stepper/api.ts";

const STEPS: Step[] = [
  { time: 0, kind: "program.begun", program: 0, text: "server.py", set: { "p0.state": "running" } },
  { time: 0, kind: "line", program: 0, at: "server.py:1" },
  { time: 0, kind: "port.listening", program: 0, thing: "l1", at: "server.py:1", text: "7000", set: { "l1.state": "listening" } },
  { time: 0, kind: "program.begun", program: 1, text: "client.py", set: { "p1.state": "running" } },
  { time: 0, kind: "line", program: 1, at: "client.py:1" },
  { time: 0, kind: "data.written", program: 1, thing: "c1", at: "client.py:1", data: "it's\n", size: 5, set: { "c1.buffer": [5, "it's\n"] } },
  { time: 0.1, kind: "packet.sent", thing: "k1", because: [5], text: "5 bytes", set: { "c1.buffer": null, "k1.arrives": [0.2] } },
  { time: 0.2, kind: "packet.arrived", thing: "k1", because: [6], text: "5 bytes", set: { "k1.arrives": null, "c2.kernel_in": [5, "it's\n"] } },
  { time: 0.2, kind: "turn", program: 0, set: { "p0.turn": 1 } },
  { time: 0.2, kind: "ready", program: 0, thing: "c2", in: 8, text: "readable" },
  { time: 0.2, kind: "data.received", program: 0, thing: "c2", in: 9, because: [5], text: "Echo.dataReceived", at: "server.py:2", data: "it's\n", size: 5, set: { "c2.kernel_in": null } },
  { time: 0.2, kind: "line", program: 0, in: 10, at: "server.py:2", set: { "p0.locals": { data: "b'it'" } } },
  { time: 0.2, kind: "output", program: 0, in: 10, at: "server.py:2", text: "stdout", data: "got it's\n", size: 9, set: { "p0.printed": 9 } },
  { time: 0.3, kind: "program.ended", program: 1, text: "exit 0", set: { "p1.state": "exit 0" } },
];

export const SAMPLE: Timeline = {
  programs: [{ name: "server.py" }, { name: "client.py" }],
  things: { l1: { name: "7000" }, c1: { protocol: "Hello", here: "a", there: "b" }, c2: { protocol: "Echo", here: "b", there: "a" }, k1: { here: "a", there: "b" } },
  steps: STEPS,
};
