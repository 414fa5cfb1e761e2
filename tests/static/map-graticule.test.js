import assert from 'node:assert/strict';
import { test } from 'node:test';

import { degreeLabel, linesBetween, stepFor } from '../../static/js/share-map/graticule-lines.js';

test('lines keep a distance that reads as a map at every zoom', () => {
  for (let zoom = 2; zoom <= 20; zoom += 1) {
    const apart = (stepFor(zoom) * 256 * 2 ** zoom) / 360;
    assert.ok(apart >= 96 && apart <= 96 * 2.6, `zoom ${zoom}: ${apart} px`);
  }
});

test('lines are exact multiples, both ends included', () => {
  assert.deepEqual(linesBetween(0.1, 0.3, 0.1).map((x) => x.toFixed(6)), ['0.100000', '0.200000', '0.300000']);
  assert.deepEqual(linesBetween(-1, 1, 1), [-1, 0, 1].map((x) => x || -0 + 0));
  assert.deepEqual(linesBetween(0.2, 0.8, 1), []);
});

for (const [degrees, step, axis, label] of [
  [37.5, 0.1, 'lat', '37.5°N'], [-37.5, 0.5, 'lat', '37.5°S'], [126.98, 0.01, 'lng', '126.98°E'],
  [-0.002, 0.001, 'lng', '0.002°W'], [0, 1, 'lng', '0°'], [1e-12, 0.1, 'lat', '0°'], [45, 45, 'lat', '45°N'],
]) {
  test(`${degrees} by ${step} is ${label}`, () => assert.equal(degreeLabel(degrees, step, axis), label));
}
