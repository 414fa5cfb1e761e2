import assert from 'node:assert/strict';
import { test } from 'node:test';

import { followWish } from '../../static/js/people/follow-wish.js';

/** A server whose answers the test gives, and what a person saw. */
function world(follows) {
  const shown = [];
  const failures = [];
  const questions = [];
  const tap = followWish({
    follows,
    show: (value) => shown.push(value),
    failed: (error, follow) => failures.push([error.message, follow]),
    send: (follow) => new Promise((resolve, reject) => questions.push({ follow, resolve, reject: () => reject(new Error('no')) })),
  });
  return { tap, shown, failures, questions, asked: () => questions.map(({ follow }) => follow) };
}

/** What is waiting has run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a tap shows before the server answers', async () => {
  const { tap, shown, questions, asked } = world(false);
  const settled = tap();
  assert.deepEqual(shown, [true]);
  questions[0].resolve();
  await settled;
  assert.deepEqual([shown, asked()], [[true], [true]]);
});

test('a refusal takes it back and says what was in vain', async () => {
  const { tap, shown, failures, questions } = world(true);
  const settled = tap();
  questions[0].reject();
  await settled;
  assert.deepEqual([shown, failures], [[false, true], [['no', false]]]);
});

test('after a refusal one may try again', async () => {
  const { tap, shown, questions, asked } = world(false);
  const first = tap();
  questions[0].reject();
  await first;
  const second = tap();
  questions[1].resolve();
  await second;
  assert.deepEqual([shown, asked()], [[true, false, true], [true, true]]);
});

test('taps while a question is under way: one question at a time, and only the last wish counts', async () => {
  const { tap, shown, questions, asked } = world(false);
  tap();
  tap();
  tap();
  const last = tap();
  assert.deepEqual([shown, asked()], [[true, false, true, false], [true]]);
  questions[0].resolve();
  await turn();
  assert.deepEqual(asked(), [true, false]);
  questions[1].resolve();
  await last;
  await turn();
  assert.deepEqual(asked(), [true, false]);
});

test('a wish that the server already meets asks nothing more', async () => {
  const { tap, questions, asked } = world(false);
  tap();
  tap();
  tap();
  questions[0].resolve();
  await turn();
  assert.deepEqual(asked(), [true]);
});
