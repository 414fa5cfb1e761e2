import assert from 'node:assert/strict';
import { test } from 'node:test';

import { merged, unreadAfter } from '../../static/js/share-map/feed-lines.js';
import { phaseOf } from '../../static/js/share-map/page-phase.js';
import { pinList } from '../../static/js/share-map/pin-list.js';
import { LOW, heights, restOf, toggled } from '../../static/js/share-map/snap.js';

const MAP = { id: 'x', title: 'Friday', require_account: false };
const known = (more) => ({ shareMap: MAP, problem: null, refusal: null, person: { kind: 'guest' }, ...more });

for (const [what, facts, name] of [
  ['nothing known yet', { shareMap: null }, 'loading'],
  ['server not reached', { shareMap: null, problem: { code: 'network' } }, 'failed'],
  ['no session', { person: null }, 'gate'],
  ['a guest', {}, 'room'],
  ['a guest where members only', { shareMap: { ...MAP, require_account: true } }, 'account'],
  ['nobody where members only', { shareMap: { ...MAP, require_account: true }, person: null }, 'account'],
  ['a member where members only', { shareMap: { ...MAP, require_account: true }, person: { kind: 'member' } }, 'room'],
  ['a session the server forgot', { refusal: { code: 'auth.required' } }, 'gate'],
  ['a switch the host turned meanwhile', { refusal: { code: 'share_map.account_required' } }, 'account'],
  ['no seat', { refusal: { code: 'room.full' } }, 'full'],
]) {
  test(`${what}: ${name}`, () => assert.equal(phaseOf(known(facts)).name, name));
}

for (const code of ['share_map.unknown', 'share_map.expired', 'share_map.ended']) {
  test(`${code} is over, whether asked or told`, () => {
    assert.deepEqual(phaseOf(known({ shareMap: null, problem: { code } })), { name: 'over', code });
    assert.deepEqual(phaseOf(known({ refusal: { code } })), { name: 'over', code });
  });
}

const t = (key, vars) => `${key} ${Object.values(vars).join(' ')}`.trim();
const card = (id, more = {}) => ({ id, name: id, at: [37.5, 127], category: '', placeId: null, voted: false, ...more });
const pins = (more) => pinList({
  ballot: { cards: [], result: null }, places: [], lives: [], draft: null, chosen: '', ...more,
}, t);

test('a pin says what it is: nominee, voted, winner', () => {
  const ballot = { cards: [card('a'), card('b', { voted: true }), card('c', { voted: true })], result: { winners: [{ id: 'c' }] } };
  assert.deepEqual(pins({ ballot }).map(({ key, kind }) => [key, kind]), [
    ['nominee:a', 'nominee'], ['nominee:b', 'voted'], ['nominee:c', 'winner'],
  ]);
});

test('whom a moderator sent away reads why, until they ask again', () => {
  for (const code of ['room.removed', 'room.banned', 'room.network_banned']) {
    assert.deepEqual(phaseOf(known({ refusal: { code } })), { name: 'out', code });
  }
});

test('a known place that is nominated has one pin', () => {
  const places = [{ id: 7, name: 'x', at: [1, 2] }, { id: 8, name: 'y', at: [1, 2] }];
  const ballot = { cards: [card('a', { placeId: 7 })], result: null };
  assert.deepEqual(pins({ places, ballot }).map(({ key }) => key), ['place:8', 'nominee:a']);
});

test('lives without a place have no pin; the draft and the chosen one show', () => {
  const lives = [
    { id: 'l1', title: 't', host: { name: 'h' }, place: null },
    { id: 'l2', title: 't', host: { name: 'h' }, place: { name: 'p', at: [1, 2] } },
  ];
  const got = pins({ lives, draft: { name: '', at: [3, 4] }, chosen: 'live:l2' });
  assert.deepEqual(got.map(({ key, chosen }) => [key, Boolean(chosen)]), [['live:l2', true], ['draft', false]]);
});

const line = (id, at, more = {}) => ({ id, at, from: { id: 'g_1', name: 'x' }, text: '', ...more });

test('notices stand between the lines by time, what is on its way stays last', () => {
  const lines = [line('a', 10), line('b', 30), line('mine', 5, { state: 'sending' })];
  const got = merged(lines, [{ id: 'n', kind: 'came', who: 'H', what: '', at: 20 }], ({ who }) => `${who} came`);
  assert.deepEqual(got.map(({ id, state }) => [id, state]), [['a', undefined], ['n', 'notice'], ['b', undefined], ['mine', 'sending']]);
});

test('unread are the lines of others after the last one seen', () => {
  const lines = [line('a', 1), line('b', 2), line('c', 3, { from: { id: 'me' } }), line('d', 4)];
  assert.equal(unreadAfter(lines, 'a', 'me'), 2);
  assert.equal(unreadAfter(lines, 'd', 'me'), 0);
  assert.equal(unreadAfter(lines, undefined, 'me'), 0, 'history is not news');
  assert.equal(unreadAfter(lines, 'dropped', 'me'), 3);
});

const rests = heights(700);

test('the panel rests where the finger leaves it, or goes on with a flick', () => {
  assert.deepEqual(rests, { low: LOW, half: 385, full: 700 });
  assert.equal(restOf(120, 0, rests), 'low');
  assert.equal(restOf(300, 0, rests), 'half');
  assert.equal(restOf(650, 0, rests), 'full');
  assert.equal(restOf(120, 1, rests), 'half');
  assert.equal(restOf(400, 1, rests), 'full');
  assert.equal(restOf(700, 1, rests), 'full');
  assert.equal(restOf(600, -1, rests), 'half');
  assert.equal(restOf(80, -1, rests), 'low');
  assert.equal(restOf(60, -1, rests), 'low');
});

test('half is enough for a nominee, on a small screen all there is', () => {
  assert.deepEqual(heights(420), { low: LOW, half: 300, full: 420 });
  assert.deepEqual(heights(240), { low: LOW, half: 240, full: 240 });
});

test('a screen without room keeps the tabs in sight', () => {
  assert.deepEqual(heights(10), { low: LOW, half: LOW, full: LOW });
});

test('a tap opens or folds', () => {
  assert.deepEqual(['low', 'half', 'full'].map(toggled), ['half', 'low', 'low']);
});
