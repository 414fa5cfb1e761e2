import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EMPTY, reduce } from '../../static/js/share-map/room-state.js';

const person = (id, name, more = {}) => ({
  id, name, kind: 'guest', host: false, voice: 'off', away: false, ...more,
});
const nominee = (id, by = 'm_1') => ({ id, name: `place ${id}`, at: [37.5, 127], by });
const ballot = (more = {}) => ({
  round: 1, phase: 'open', nominees: [], done: [], result: null, ...more,
});
const joined = (more = {}) => ({
  type: 'joined', room: 'map/x', now: 1, you: person('g_1', 'me'), title: 'Friday',
  expires_at: 9, require_account: false, people: [person('m_1', 'Host', { host: true }), person('g_1', 'me')],
  presence: {}, chat: [], ballot: ballot(), mine: [], live: null, ...more,
});
const play = (...messages) => messages.reduce((state, message) => reduce(state, message, 1000), EMPTY);

test('joined replaces the state, and notices survive it', () => {
  const state = play(joined(), { type: 'person', person: person('g_2', 'Haneul') }, joined({ title: 'Saturday' }));
  assert.equal(state.phase, 'in');
  assert.equal(state.title, 'Saturday');
  assert.deepEqual(state.people.map(({ id }) => id), ['m_1', 'g_1']);
  assert.deepEqual(state.notices.map(({ kind, who }) => [kind, who]), [['came', 'Haneul']]);
});

test('a newcomer is announced once; a return, a change and yourself are not', () => {
  const away = { type: 'person', person: person('g_2', 'Haneul', { away: true }) };
  const back = { type: 'person', person: person('g_2', 'Haneul') };
  const state = play(joined(), back, away, back, { type: 'person', person: person('g_1', 'me', { voice: 'on' }) });
  assert.equal(state.notices.length, 1);
  assert.equal(state.people.at(-1).away, false);
  assert.equal(state.people.find(({ id }) => id === 'g_1').voice, 'on');
});

test('after a restart of the server nobody is announced again', () => {
  const alone = joined({ people: [person('g_1', 'me')] });
  const state = play(joined(), alone, { type: 'person', person: person('m_1', 'Host', { host: true }) });
  assert.deepEqual(state.notices, []);
});

test('your own new name reaches `you`', () => {
  const state = play(joined(), { type: 'person', person: person('g_1', 'Jimin') });
  assert.equal(state.you.name, 'Jimin');
  assert.equal(state.names.g_1, 'Jimin');
});

test('who left is gone from the people, but keeps a name', () => {
  const state = play(joined(), { type: 'gone', id: 'm_1' });
  assert.deepEqual(state.people.map(({ id }) => id), ['g_1']);
  assert.equal(state.names.m_1, 'Host');
});

test('a nomination is announced with its author, a withdrawal is not', () => {
  const state = play(
    joined(),
    { type: 'ballot', ballot: ballot({ nominees: [nominee('n-1')] }) },
    { type: 'ballot', ballot: ballot({ nominees: [] }) },
  );
  assert.deepEqual(state.notices.map(({ kind, who, what }) => [kind, who, what]), [['nominated', 'Host', 'place n-1']]);
});

test('votes on a withdrawn nominee vanish with it', () => {
  const state = play(
    joined({ ballot: ballot({ nominees: [nominee('n-1'), nominee('n-2')] }), mine: ['n-1', 'n-2'] }),
    { type: 'ballot', ballot: ballot({ nominees: [nominee('n-2')] }) },
  );
  assert.deepEqual(state.mine, ['n-2']);
});

test('votes of an older round are ignored, a new round starts without votes', () => {
  const state = play(
    joined({ ballot: ballot({ nominees: [nominee('n-1')] }), mine: ['n-1'] }),
    { type: 'ballot', ballot: ballot({ round: 2, nominees: [nominee('n-1')] }) },
    { type: 'votes', round: 1, mine: ['n-1'] },
  );
  assert.deepEqual(state.mine, []);
  assert.deepEqual(state.notices.map(({ kind }) => kind), ['reopened']);
});

test('the close of a ballot is announced once', () => {
  const closed = ballot({ phase: 'closed', result: { counts: {}, winners: [], voters: 0 } });
  const state = play(joined(), { type: 'ballot', ballot: closed }, { type: 'ballot', ballot: closed });
  assert.deepEqual(state.notices.map(({ kind }) => kind), ['closed']);
});

test('the end of the room says why', () => {
  const state = play(joined(), { type: 'ended', code: 'share_map.ended', message: 'over' });
  assert.equal(state.phase, 'over');
  assert.equal(state.over.code, 'share_map.ended');
});

test('states are values: the one before is untouched', () => {
  const before = play(joined());
  const copy = structuredClone(before);
  reduce(before, { type: 'gone', id: 'm_1' }, 1);
  reduce(before, { type: 'ballot', ballot: ballot({ nominees: [nominee('n-1')] }) }, 1);
  assert.deepEqual(before, copy);
});
