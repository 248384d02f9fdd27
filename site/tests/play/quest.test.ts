import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Request } from "../../src/play/messages.ts";
import type { Mission } from "../../src/play/programs.ts";
import { Quest } from "../../src/play/quest.ts";

const mission = { name: "one_chunk" } as Mission;
const answer = (holds: boolean) => ({ holds }) as Answer;
const request = (cuts: number, seed = 3): Request => ({ files: {}, session: "", seed, sliders: { cuts } });
const allHold = async () => answer(true);

test("it goes from broken to mended, with the next seeds too", async () => {
  const quest = new Quest(mission);
  const seeds: number[] = [];
  const again = async (one: Request) => (seeds.push(one.seed), answer(true));
  assert.match(await quest.judge(request(0), answer(true), false, again), /Move the sliders/);
  assert.match(await quest.judge(request(50), answer(false), false, again), /^Broken!/);
  assert.match(await quest.judge(request(50), answer(false), true, again), /Not mended yet/);
  assert.equal(await quest.judge(request(50), answer(true), true, again), "Mended! It holds with the seeds 3 to 7.");
  assert.deepEqual(seeds, [3, 4, 5, 6, 7]);
});

test("luck with one seed is not enough", async () => {
  const quest = new Quest(mission);
  await quest.judge(request(50), answer(false), false, allHold);
  const words = await quest.judge(request(50), answer(true), true, async (one) => answer(one.seed !== 5));
  assert.equal(words, "It holds with seed 3, and fails with seed 5: try that one.");
});

test("a better network than the one that broke it proves nothing", async () => {
  const quest = new Quest(mission);
  await quest.judge(request(50), answer(false), false, allHold);
  assert.match(await quest.judge(request(40), answer(true), true, allHold), /move the sliders back/);
});

test("a program that was changed before it broke has to be reset", async () => {
  assert.match(await new Quest(mission).judge(request(50), answer(true), true, allHold), /first break the program/);
});

test("a program that fails without faults is the reader's own doing", async () => {
  assert.match(await new Quest(mission).judge(request(0), answer(false), true, allHold), /without faults/);
});
