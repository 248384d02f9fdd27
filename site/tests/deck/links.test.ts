import assert from "node:assert/strict";
import { test } from "node:test";
import { linkTo, parseLink } from "../../src/deck/links.ts";

test("a link names a slide by number or id, and a step", () => {
  assert.deepEqual(parseLink("#20"), { slide: "s20", step: 1 });
  assert.deepEqual(parseLink("#20/3"), { slide: "s20", step: 3 });
  assert.deepEqual(parseLink("#s20w1/2"), { slide: "s20w1", step: 2 });
});

test("a time in a run belongs to others and does not spoil the link", () => {
  assert.deepEqual(parseLink("#20/3@t41"), { slide: "s20", step: 3 });
});

test("what names no slide is no place", () => {
  for (const text of ["", "#", "#/", "#20/x", "#!", "# 20"]) assert.equal(parseLink(text), null, text);
});

test("step 0 is the first step, and leading zeros mean nothing", () => {
  assert.deepEqual(parseLink("#020/0"), { slide: "s20", step: 1 });
});

test("a link leads back to where it came from, and the first step is not written", () => {
  for (const link of ["#1", "#20/3", "#s20w1", "#s20w1/2"]) assert.equal(linkTo(parseLink(link)!), link);
  assert.equal(linkTo({ slide: "s20", step: 1 }), "#20");
});
