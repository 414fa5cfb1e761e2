import assert from 'node:assert/strict';
import { test } from 'node:test';

import { firstView } from '../../static/js/share-map/first-view.js';

const [MINE, HOSTS, FRIENDS, FALLBACK] = [[1, 1, 11], [2, 2, 12], [3, 3, 13], [9, 9, 9]];
const joined = (presence, nominees = []) => ({
  you: { id: 'me' }, presence, ballot: { nominees },
  people: [{ id: 'friend', host: false }, { id: 'host', host: true }, { id: 'me', host: false }],
});

test('one comes back where one was, else to the host, else to a friend', () => {
  const all = { me: { view: MINE }, host: { view: HOSTS }, friend: { view: FRIENDS } };
  assert.deepEqual(firstView(joined(all), FALLBACK), MINE);
  assert.deepEqual(firstView(joined({ host: all.host, friend: all.friend }), FALLBACK), HOSTS);
  assert.deepEqual(firstView(joined({ host: { at: null }, friend: all.friend }), FALLBACK), FRIENDS);
});

test('in an empty room one looks at the first nominee, or at the middle of the town', () => {
  assert.deepEqual(firstView(joined({}, [{ at: [4, 5] }]), FALLBACK), [4, 5, 15]);
  assert.deepEqual(firstView(joined({}), FALLBACK), FALLBACK);
});
