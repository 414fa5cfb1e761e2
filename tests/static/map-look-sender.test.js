import assert from 'node:assert/strict';
import { test } from 'node:test';

import { INTERVAL, LookSender } from '../../static/js/share-map/look-sender.js';

function harness() {
  const sent = [];
  const clock = {
    time: 1000,
    timers: [],
    now: () => clock.time,
    after: (ms, fn) => { const timer = { at: clock.time + ms, fn }; clock.timers.push(timer); return timer; },
    cancel: (timer) => { clock.timers = clock.timers.filter((other) => other !== timer); },
    run(ms) {
      clock.time += ms;
      const due = clock.timers.filter(({ at }) => at <= clock.time);
      clock.timers = clock.timers.filter(({ at }) => at > clock.time);
      for (const { fn } of due) fn();
    },
  };
  return { sent, clock, look: new LookSender((message) => sent.push(message), clock) };
}

test('the first look goes out at once, the newest of a burst after the interval', () => {
  const { sent, clock, look } = harness();
  for (let i = 0; i < 10; i += 1) look.point([37 + i, 127]);
  assert.deepEqual(sent, [{ type: 'look', at: [37, 127] }]);
  clock.run(INTERVAL);
  assert.deepEqual(sent[1], { type: 'look', at: [46, 127] });
  assert.equal(sent.length, 2);
});

test('a second of frantic movement is at most twenty messages and a first', () => {
  const { sent, clock, look } = harness();
  for (let ms = 0; ms < 1000; ms += 1) {
    look.point([37 + ms / 1000, 127]);
    clock.run(1);
  }
  assert.ok(sent.length >= 19 && sent.length <= 21, String(sent.length));
});

test('pointer and viewport share a message; each is left out when unchanged', () => {
  const { sent, clock, look } = harness();
  look.point([1, 2]);
  look.point([1, 3]);
  look.look([5, 6, 14]);
  clock.run(INTERVAL);
  look.look([5, 6, 15]);
  clock.run(INTERVAL);
  assert.deepEqual(sent.slice(1), [
    { type: 'look', at: [1, 3], view: [5, 6, 14] },
    { type: 'look', view: [5, 6, 15] },
  ]);
});

test('nothing is sent when nothing changed, or by less than an eye can tell', () => {
  const { sent, clock, look } = harness();
  look.point(null);
  look.look([5, 6, 14]);
  clock.run(INTERVAL);
  look.look([5.0000001, 6, 14.001]);
  clock.run(INTERVAL);
  assert.deepEqual(sent, [{ type: 'look', view: [5, 6, 14] }]);
  assert.equal(clock.timers.length, 0);
});

test('a change that goes back before it is sent is no change', () => {
  const { sent, clock, look } = harness();
  look.point([1, 1]);
  look.point([2, 2]);
  look.point([1, 1]);
  clock.run(INTERVAL);
  assert.equal(sent.length, 1);
});

test('after a re-join everything is said again', () => {
  const { sent, clock, look } = harness();
  look.point([1, 1]);
  look.look([5, 6, 14]);
  clock.run(INTERVAL);
  clock.run(INTERVAL);
  look.again();
  assert.deepEqual(sent.at(-1), { type: 'look', at: [1, 1], view: [5, 6, 14] });
});

test('closing cancels what was planned', () => {
  const { sent, clock, look } = harness();
  look.point([1, 1]);
  look.point([2, 2]);
  look.close();
  clock.run(INTERVAL * 2);
  assert.equal(sent.length, 1);
});
