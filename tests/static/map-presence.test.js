import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Presence } from '../../static/js/share-map/presence.js';

const AT = [37.5, 127];
const THERE = [37.6, 127.2];
const VIEW = [37.5, 127, 14];

test('the first position is taken at once', () => {
  const presence = new Presence();
  presence.update({ a: { at: AT, view: VIEW } });
  assert.deepEqual(presence.seen('a'), { at: AT, view: VIEW });
  assert.equal(presence.step(16), false);
});

test('a later position is approached, never passed, and reached', () => {
  const presence = new Presence();
  presence.update({ a: { at: AT } });
  presence.update({ a: { at: THERE } });
  let before = AT[0];
  while (presence.step(16)) {
    const { at } = presence.seen('a');
    assert.ok(at[0] > before && at[0] <= THERE[0]);
    before = at[0];
  }
  assert.deepEqual(presence.seen('a').at, THERE);
});

test('two half steps go as far as one whole step', () => {
  const [one, two] = [new Presence(), new Presence()];
  for (const presence of [one, two]) {
    presence.update({ a: { at: AT } });
    presence.update({ a: { at: THERE } });
  }
  one.step(32);
  two.step(16);
  two.step(16);
  assert.ok(Math.abs(one.seen('a').at[0] - two.seen('a').at[0]) < 1e-12);
});

test('what a tick leaves out stays; null takes the pointer away', () => {
  const presence = new Presence();
  presence.update({ a: { at: AT, view: VIEW } });
  presence.update({ a: { at: null } });
  presence.step(16);
  assert.deepEqual(presence.seen('a'), { at: null, view: VIEW });
  assert.deepEqual(presence.target('a'), { at: null, view: VIEW });
});

test('reduced motion jumps', () => {
  const presence = new Presence({ glide: false });
  presence.update({ a: { at: AT } });
  presence.update({ a: { at: THERE } });
  presence.step(1);
  assert.deepEqual(presence.seen('a').at, THERE);
});

test('a fresh join forgets who is not in it, and glides on for who is', () => {
  const presence = new Presence();
  presence.update({ a: { at: AT }, b: { at: AT } });
  presence.replace({ b: { at: THERE } });
  assert.equal(presence.seen('a'), null);
  assert.deepEqual(presence.seen('b').at, AT);
  assert.deepEqual(presence.target('b').at, THERE);
  presence.remove('b');
  assert.equal(presence.seen('b'), null);
});
