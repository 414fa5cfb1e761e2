import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clampToEdge, spread } from '../../static/js/share-map/edge.js';

const BOX = { left: 0, top: 100, right: 400, bottom: 300 };

test('what is inside stays where it is', () => {
  assert.deepEqual(clampToEdge({ x: 10, y: 110 }, BOX), {
    x: 10, y: 110, outside: false, angle: (Math.atan2(-90, -190) * 180) / Math.PI,
  });
});

for (const [spot, edge, angle] of [
  [{ x: 1000, y: 200 }, { x: 400, y: 200 }, 0],
  [{ x: 200, y: 900 }, { x: 200, y: 300 }, 90],
  [{ x: -600, y: 200 }, { x: 0, y: 200 }, 180],
  [{ x: 200, y: -500 }, { x: 200, y: 100 }, -90],
  [{ x: 600, y: 400 }, { x: 400, y: 300 }, 26.6],
]) {
  test(`(${spot.x}, ${spot.y}) is shown on the edge, pointing ${angle}°`, () => {
    const got = clampToEdge(spot, BOX);
    assert.ok(got.outside);
    assert.deepEqual([got.x, got.y], [edge.x, edge.y]);
    assert.ok(Math.abs(got.angle - angle) < 0.1);
  });
}

test('a box without room puts everything in its middle', () => {
  const got = clampToEdge({ x: 9, y: 9 }, { left: 5, top: 5, right: 5, bottom: 5 });
  assert.deepEqual([got.x, got.y, got.outside], [5, 5, true]);
});

test('what lies on each other is moved side by side, towards the middle; the first one stays', () => {
  const [left, right] = [{ x: 10, y: 10 }, { x: 390, y: 10 }];
  const got = spread([left, left, left, right, right], 30, 200);
  assert.deepEqual(got.map(({ x }) => x), [10, 40, 70, 390, 360]);
  assert.deepEqual(left, { x: 10, y: 10 }, 'and nothing is changed in place');
});

test('a crowd in one spot is spread out in the end', () => {
  const got = spread(Array(20).fill({ x: 50, y: 50 }), 30, 200);
  const closest = got.flatMap((a, i) => got.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)));
  assert.ok(Math.min(...closest) >= 29.5);
});
