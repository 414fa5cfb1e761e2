import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LENGTH, extend, keyOf, pathOf, topOf } from '../../static/js/stats/series.js';

/** @param {number} at @param {number} bitrate @returns {any} */
const stats = (at, bitrate) => ({
  at,
  rooms: [
    {
      room: 'live/1',
      peers: {
        host: { estimate: null, remb: null, publishes: [{ layers: [{ ssrc: 1, bitrate, jitter: 2, loss: 0.1, rtt: 9 }] }], receives: [] },
        fan: { estimate: 900, remb: 800, publishes: [], receives: [{ ssrc: 2, bitrate, loss: null, jitter: null, rtt: 30 }] },
      },
    },
  ],
});

test('every stream gets a point with each answer, and no more than are drawn', () => {
  let history = new Map();
  for (let at = 1; at <= LENGTH + 10; at += 1) history = extend(history, stats(at, at));
  assert.deepEqual([...history.keys()], ['live/1|host|peer', 'live/1|host|1', 'live/1|fan|peer', 'live/1|fan|2']);
  const points = history.get(keyOf('live/1', 'fan', 2));
  assert.equal(points.length, LENGTH);
  assert.equal(points.at(-1).values.bitrate, LENGTH + 10);
  assert.equal(points.at(-1).values.loss, null);
  assert.deepEqual(history.get(keyOf('live/1', 'fan', 'peer')).at(-1).values, { estimate: 900, remb: 800 });
  assert.deepEqual(history.get(keyOf('live/1', 'host', 1)).at(-1).values, { bitrate: LENGTH + 10, jitter: 2, rtt: 9, loss: 0.1 });
});

test('the same answer counts once, and who is gone is forgotten', () => {
  const first = extend(new Map(), stats(1, 5));
  assert.equal(extend(first, stats(1, 5)).get(keyOf('live/1', 'host', 1))?.length, 1);
  assert.equal(extend(first, /** @type {any} */ ({ at: 2, rooms: [] })).size, 0);
});

test('a line ends at the right edge and breaks where a figure is missing', () => {
  const point = (/** @type {number | null} */ rtt) => ({ at: 0, values: { rtt } });
  const step = 238 / (LENGTH - 1);
  const path = pathOf([point(0), point(null), point(50), point(200)], 'rtt', 238, 10, 100);
  assert.equal(path, `M${(238 - 3 * step).toFixed(1)} 10.0M${(238 - step).toFixed(1)} 5.0L238.0 0.0`);
  assert.equal(topOf([point(3), point(null)], 'rtt'), 3);
  assert.equal(topOf([], 'rtt'), 1);
});
