import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lengthOf, mealDay, priceText } from '../../static/js/finding/words.js';

const NOW = new Date(2026, 10, 24, 12).getTime();

test('the day of a meal is the one that was written, whatever the time zone', () => {
  assert.equal(mealDay({ eaten_on: '2026-11-20', created_at: NOW }, 'ko', NOW), '11월 20일 (금)');
  assert.equal(mealDay({ eaten_on: '2025-01-02', created_at: NOW }, 'en', NOW), 'Jan 2, 2025');
});

test('without one it is the day of the record', () => {
  assert.equal(mealDay({ eaten_on: null, created_at: NOW }, 'ko', NOW), '11월 24일 (화)');
});

test('prices are told in won', () => {
  assert.equal(priceText(13000, 'ko'), '13,000원');
  assert.equal(priceText(13000, 'en'), '₩13,000');
});

test('a length is in hours and minutes, and never nothing', () => {
  const minutes = (n) => lengthOf(0, n * 60_000);
  assert.deepEqual(minutes(0), { hours: 0, minutes: 1 });
  assert.deepEqual(minutes(59.4), { hours: 0, minutes: 59 });
  assert.deepEqual(minutes(60), { hours: 1, minutes: 0 });
  assert.deepEqual(minutes(135), { hours: 2, minutes: 15 });
});
