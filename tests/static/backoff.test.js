import assert from 'node:assert/strict';
import { test } from 'node:test';

import { backoff } from '../../static/js/backoff.js';

test('the first attempt comes within half a second', () => {
  assert.equal(backoff(0, 0), 0);
  assert.equal(backoff(0, 0.5), 250);
  assert.ok(backoff(0, 0.999999) <= 500);
});

test('then twice a second for about ten seconds, and from there ever more seldom up to eight seconds', () => {
  const middle = [1, 2, 3, 19, 20, 21, 27, 50].map((attempt) => backoff(attempt, 0.5));
  assert.deepEqual(middle, [250, 375, 500, 500, 750, 1125, 8000, 8000]);
});

test('each wait is spread between half and one and a half', () => {
  assert.equal(backoff(30, 0), 4000);
  assert.ok(backoff(30, 0.999999) <= 12000);
  assert.ok(backoff(30, 0.999999) > 11990);
});
