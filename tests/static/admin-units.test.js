import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inUnit } from '../../static/js/admin/units.js';

const UNITS = ['B', 'kB', 'MB'];

for (const [value, words] of [
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [1550, '1.6 kB'],
  [99_949, '99.9 kB'],
  [99_950, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [5_000_000_000, '5,000 MB'],
]) {
  test(`${value} is ${words}`, () => assert.equal(inUnit(value, UNITS, 'en'), words));
}
