import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ballotModel } from '../../static/js/share-map/ballot-model.js';
import { EMPTY } from '../../static/js/share-map/room-state.js';
import * as queue from '../../static/js/share-map/vote-queue.js';

const nominees = ['n-1', 'n-2', 'n-3'].map((id, i) => ({
  id, name: `place ${id}`, at: [37.5, 127], by: i ? 'g_2' : 'm_1',
}));
const room = (more = {}, you = 'g_2') => ({
  ...EMPTY,
  you: { id: you, name: you, kind: 'guest', host: you === 'm_1' },
  people: [
    { id: 'm_1', name: 'Host', away: false }, { id: 'g_2', name: 'Haneul', away: false },
    { id: 'g_3', name: 'Away', away: true },
  ],
  names: { m_1: 'Host', g_2: 'Haneul' },
  ballot: { round: 1, phase: 'open', nominees, done: ['m_1'], result: null, ...more },
});
const on = (nominee, n) => ({ nominee, on: true, n });
const off = (nominee, n) => ({ nominee, on: false, n });

test('cards say who nominated, what I voted, what I may remove', () => {
  const model = ballotModel(room(), new Set(['n-2']));
  assert.deepEqual(model.cards.map(({ by, voted, removable }) => [by, voted, removable]), [
    ['Host', false, false], ['Haneul', true, true], ['Haneul', false, true],
  ]);
  assert.ok(ballotModel(room({}, 'm_1'), new Set()).cards.every(({ removable }) => removable));
});

test('who is away is not waited for', () => {
  const model = ballotModel(room(), new Set());
  assert.deepEqual(model.waiting.map(({ name }) => name), ['Haneul']);
  assert.equal(model.meDone, false);
  assert.ok(ballotModel(room({}, 'm_1'), new Set()).meDone);
});

test('ten nominees are full', () => {
  const many = Array.from({ length: 10 }, (_, i) => ({ ...nominees[0], id: `n-${i}` }));
  assert.ok(ballotModel(room({ nominees: many }), new Set()).full);
  assert.ok(!ballotModel(room({ nominees: many.slice(1) }), new Set()).full);
});

test('a tie has all its winners, the rest follow by count, then by nomination', () => {
  const result = { counts: { 'n-1': 0, 'n-2': 2, 'n-3': 2 }, winners: ['n-2', 'n-3'], voters: 2 };
  const model = ballotModel(room({ phase: 'closed', result }), new Set()).result;
  assert.ok(model.tie);
  assert.deepEqual(model.rows.map(({ id, count, share }) => [id, count, share]), [
    ['n-2', 2, 1], ['n-3', 2, 1], ['n-1', 0, 0],
  ]);
});

test('without a vote nobody wins', () => {
  const result = { counts: {}, winners: [], voters: 0 };
  const model = ballotModel(room({ phase: 'closed', result }), new Set()).result;
  assert.deepEqual([model.winners, model.tie], [[], false]);
  assert.ok(model.rows.every(({ share }) => share === 0));
});

test('a tap shows at once and is confirmed by the count', () => {
  let open = queue.tapped(queue.NOTHING_OPEN, 1, on('n-1', 1));
  assert.deepEqual([...queue.shown([], open)], ['n-1']);
  open = queue.counted(open, 1, ['n-1']);
  assert.deepEqual(open.toggles, []);
});

test('on, off, on does not flicker while the three answers come in', () => {
  let open = queue.NOTHING_OPEN;
  for (const toggle of [on('n-1', 1), off('n-1', 2), on('n-1', 3)]) open = queue.tapped(open, 1, toggle);
  for (const mine of [['n-1'], [], ['n-1']]) {
    open = queue.counted(open, 1, mine);
    assert.ok(queue.shown(mine, open).has('n-1'));
  }
  assert.deepEqual(open.toggles, []);
});

test("another tab's votes do not confirm mine", () => {
  const open = queue.tapped(queue.NOTHING_OPEN, 1, on('n-1', 1));
  const after = queue.counted(open, 1, ['n-2']);
  assert.deepEqual(queue.shown(['n-2'], after), new Set(['n-2', 'n-1']));
});

test('a refused vote falls back to what the server counts', () => {
  const open = queue.refused(queue.tapped(queue.NOTHING_OPEN, 1, on('n-1', 7)), 7);
  assert.deepEqual([...queue.shown([], open)], []);
});

test('after a re-join only the last word on what still differs is sent again', () => {
  let open = queue.NOTHING_OPEN;
  for (const toggle of [on('n-1', 1), off('n-1', 2), on('n-2', 3), on('n-3', 4), on('gone', 5)]) {
    open = queue.tapped(open, 1, toggle);
  }
  const ballot = room().ballot;
  assert.deepEqual(queue.stillOpen(open, ballot, ['n-1', 'n-3']).toggles, [off('n-1', 2), on('n-2', 3)]);
  assert.deepEqual(queue.stillOpen(open, { ...ballot, round: 2 }, []).toggles, []);
  assert.deepEqual(queue.stillOpen(open, { ...ballot, phase: 'closed' }, []).toggles, []);
});

test('a new round forgets open votes of the old', () => {
  const open = queue.tapped(queue.NOTHING_OPEN, 1, on('n-1', 1));
  assert.deepEqual(queue.counted(open, 2, []).toggles, []);
  assert.deepEqual(queue.tapped(open, 2, on('n-2', 2)).toggles, [on('n-2', 2)]);
});
