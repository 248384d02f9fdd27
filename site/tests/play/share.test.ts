import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, changesOf, fragment, read } from "../../src/play/share.ts";

const BEFORE = { "client.py": "one\ntwo\nthree", "server.py": "é" };

test("a link says all that was shared, and nothing else", async () => {
  const after = { "client.py": "one\nzwei & <drei>\nthree", "server.py": "é" };
  const shared = { program: "03_echo/wrong/one_chunk", mission: "", seed: 7, sliders: { latency: 50, loss: 0 }, changes: changesOf(BEFORE, after) };
  const link = await fragment(shared);
  assert.match(link, /^#03_echo\/wrong\/one_chunk&seed=7&latency=50&changes=[\w-]+$/);
  const found = await read(link);
  assert.deepEqual(found, { ...shared, sliders: { latency: 50 } });
  assert.deepEqual(changed(BEFORE, found.changes), after);
});

test("a program as it is has a short link", async () => {
  assert.equal(await fragment({ program: "03_echo", mission: "", seed: 0, sliders: { loss: 0 }, changes: {} }), "#03_echo");
  assert.deepEqual(await read("#03_echo"), { program: "03_echo", mission: "", seed: 0, sliders: {}, changes: {} });
});

test("a damaged link says what is wrong with it", async () => {
  await assert.rejects(read("#03_echo&seed=many"), /the link says that seed is many, which is no number/);
  await assert.rejects(read("#03_echo&loss=-3"), /loss is -3/);
  await assert.rejects(read("#03_echo&changes=q1Zq"), /the changes in the link are damaged/);
  await assert.rejects(read("#03_echo&changes=%%%"), /the changes in the link are damaged/);
});
