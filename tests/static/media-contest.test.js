import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isReplaced } from '../../static/js/media/contest.js';

const NOW = 1_000_000;
const fall = (more) => ({ onAir: true, released: null, falls: [NOW], now: NOW, ...more });

for (const [what, facts, replaced] of [
  ['our session is not the current one, and the live is on air', { released: 404 }, true],
  ['the server restarted: not ours any more, but nobody sends', { released: 404, onAir: false }, false],
  ['our session was still current: only the way was bad', { released: 200 }, false],
  ['... however often', { released: 200, falls: [NOW - 9, NOW - 6, NOW - 3, NOW] }, false],
  ['no answer, first time', {}, false],
  ['no answer, after three tries', { falls: [NOW - 9000, NOW - 6000, NOW - 3000, NOW] }, true],
  ['no answer, three tries spread over minutes', { falls: [NOW - 90_000, NOW - 60_000, NOW - 31_000, NOW] }, false],
  ['an expired ticket says nothing', { released: 401 }, false],
  ['no answer, after three tries, but nobody sends', { onAir: false, falls: [NOW - 9, NOW - 6, NOW - 3, NOW] }, false],
]) {
  test(`${what}: ${replaced ? 'give way' : 'come back'}`, () => assert.equal(isReplaced(fall(facts)), replaced));
}
