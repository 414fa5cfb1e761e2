import assert from 'node:assert/strict';
import { test } from 'node:test';

import { boxAround, byDistance, distance } from '../../static/js/posts/nearby.js';
import { Uploads } from '../../static/js/posts/uploads.js';

/** Uploads by hand: `sent[i]` is the i-th call, to be settled by the test. */
function world() {
  const sent = [];
  const done = [];
  const send = (file, { onProgress, signal }) =>
    new Promise((resolve, reject) => {
      sent.push({ file, onProgress, signal, resolve, reject });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const uploads = new Uploads(send, (key, uploaded) => done.push([key, uploaded]));
  const states = () => Object.fromEntries([...uploads.all.value].map(([key, { state }]) => [key, state]));
  return { uploads, sent, done, states };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('three go at once, the next when one is done', async () => {
  const { uploads, sent, done, states } = world();
  for (const key of 'abcde') uploads.add(key, key);
  assert.deepEqual(states(), { a: 'sending', b: 'sending', c: 'sending', d: 'waiting', e: 'waiting' });
  sent[1].resolve('B');
  await settled();
  assert.deepEqual(done, [['b', 'B']]);
  assert.deepEqual(states(), { a: 'sending', c: 'sending', d: 'sending', e: 'waiting' });
  assert.ok(uploads.busy);
});

test('progress is each one’s own', () => {
  const { uploads, sent } = world();
  uploads.add('a', 1);
  uploads.add('b', 2);
  sent[1].onProgress(0.5);
  assert.deepEqual([...uploads.all.value.values()].map(({ progress }) => progress), [0, 0.5]);
});

test('a cancelled one stops, gives its place to another, and may be tried again', async () => {
  const { uploads, sent, states } = world();
  for (const key of 'abcd') uploads.add(key, key);
  uploads.cancel('a');
  await settled();
  assert.ok(sent[0].signal.aborted);
  assert.deepEqual(states(), { a: 'cancelled', b: 'sending', c: 'sending', d: 'sending' });
  uploads.retry('a');
  assert.equal(states().a, 'waiting');
  sent[1].resolve('B');
  await settled();
  assert.equal(states().a, 'sending');
  assert.equal(sent[4].file, 'a');
});

test('a failure stays with its reason and holds nobody up', async () => {
  const { uploads, sent, states } = world();
  uploads.add('a', 1);
  sent[0].reject(new Error('no'));
  await settled();
  assert.deepEqual(states(), { a: 'failed' });
  assert.equal(uploads.all.value.get('a').error.message, 'no');
  assert.ok(!uploads.busy);
});

test('what a card gave up comes to nothing, even when it comes', async () => {
  const { uploads, sent, done, states } = world();
  uploads.add('a', 1);
  uploads.forget('a');
  sent[0].resolve('late');
  await settled();
  assert.deepEqual([states(), done], [{}, []]);
  uploads.add('b', 1);
  uploads.add('b', 2);
  assert.ok(sent[1].signal.aborted);
  sent[2].resolve('B');
  await settled();
  assert.deepEqual(done, [['b', 'B']]);
});

test('places near a point: a box to ask for, the nearest first', () => {
  assert.equal(boxAround([37.5, 127], 1000), '37.49102,126.98868,37.50898,127.01132');
  assert.ok(Math.abs(distance([37.5, 127], [37.5, 127.01]) - 883) < 2);
  const near = byDistance([{ at: [37.52, 127] }, { at: [37.501, 127] }], [37.5, 127]);
  assert.deepEqual(near.map(({ at }) => at[0]), [37.501, 37.52]);
});
