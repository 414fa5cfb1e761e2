import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { MapRoom } from '../../static/js/share-map/room.js';
import { RoomSocket } from '../../static/js/socket.js';
import { FakeWire, joined } from './fake-socket.js';

const nominee = (id, more = {}) => ({ id, name: `place ${id}`, at: [37.5, 127], by: 'g_1', ...more });
const ballot = (more = {}) => ({ round: 1, phase: 'open', nominees: [nominee('n-1'), nominee('n-2')], done: [], result: null, ...more });
const state = (more = {}) => joined({ title: 'Friday', presence: {}, ballot: ballot(), mine: [], ...more });
const settle = () => new Promise((resolve) => { setImmediate(resolve); });

let wire;
let room;

beforeEach((context) => {
  wire = new FakeWire();
  room = new MapRoom(new RoomSocket('map/x', wire), { nomineesMax: 10, glide: false });
  room.socket.connect();
  enter();
  context.after?.(() => room.close());
});

function enter(more) {
  wire.last.accept();
  wire.last.say(state(more));
}

/** The connection is lost, and there is another one. */
function reconnect(more) {
  wire.last.lose();
  room.socket.reconnect();
  enter(more);
}

const last = (type) => wire.last.of(type).at(-1);
const refuse = (type, code) => wire.last.say({ type: 'error', code, message: 'no', n: last(type).n });

test('a vote shows before the server has counted it, and is taken back when refused', () => {
  const errors = [];
  room.onerror = ({ code }) => errors.push(code);
  room.vote('n-1', true);
  assert.ok(room.ballot.value.cards[0].voted);
  refuse('vote', 'ballot.closed');
  assert.ok(!room.ballot.value.cards[0].voted);
  assert.deepEqual(errors, ['ballot.closed']);
});

test('a vote the lost connection swallowed is sent again, a counted one is not', () => {
  room.vote('n-1', true);
  wire.last.say({ type: 'votes', round: 1, mine: ['n-1'] });
  wire.last.lose();
  room.vote('n-2', true);
  assert.ok(room.votes.value.has('n-2'), 'shown while there is no connection');
  room.socket.reconnect();
  enter({ mine: ['n-1'] });
  assert.deepEqual(wire.last.of('vote').map(({ nominee: id, on }) => [id, on]), [['n-2', true]]);
});

test('a nomination is done when it stands', async () => {
  const done = room.nominate({ name: 'Naengmyeon', at: [37.5, 127] });
  assert.deepEqual(last('nominate').name, 'Naengmyeon');
  wire.last.say({ type: 'ballot', ballot: ballot({ nominees: [nominee('n-3', { name: 'Naengmyeon' })] }) });
  await done;
  reconnect();
  assert.deepEqual(wire.last.of('nominate'), [], 'and is not repeated');
});

test('the server may tidy the name up', async () => {
  const done = room.nominate({ name: 'Eulji  Golbaengi', at: [37.5, 127] });
  wire.last.say({ type: 'ballot', ballot: ballot({ nominees: [nominee('n-3', { name: 'Eulji Golbaengi', place_id: 31 })] }) });
  await done;
});

test("another person's nomination of the same name is not mine", async () => {
  let stands = false;
  room.nominate({ name: 'Naengmyeon', at: [37.5, 127] }).then(() => { stands = true; });
  wire.last.say({ type: 'ballot', ballot: ballot({ nominees: [nominee('n-3', { name: 'Naengmyeon', by: 'm_9' })] }) });
  await settle();
  assert.equal(stands, false);
});

test('a refused nomination says why', async () => {
  const done = room.nominate({ name: 'Naengmyeon', at: [37.5, 127] });
  refuse('nominate', 'ballot.full');
  await assert.rejects(done, { code: 'ballot.full' });
});

test('a nomination is sent again after a re-join, unless it got through', async () => {
  const first = room.nominate({ name: 'Naengmyeon', at: [37.5, 127], place_id: 7 });
  reconnect();
  assert.equal(last('nominate').place_id, 7);
  reconnect({ ballot: ballot({ nominees: [nominee('n-3', { place_id: 7 })] }) });
  await first;
  assert.deepEqual(wire.last.of('nominate'), []);
});

test('"I am done" survives a lost connection, and is not repeated once it counts', () => {
  room.done(true);
  reconnect();
  assert.deepEqual(wire.last.of('done').map(({ on }) => on), [true]);
  wire.last.say({ type: 'ballot', ballot: ballot({ done: ['g_1'] }) });
  reconnect();
  assert.deepEqual(wire.last.of('done'), []);
});

test('the room learns again where we look', async () => {
  room.look.look([37.5, 127, 14]);
  reconnect();
  assert.deepEqual(last('look').view, [37.5, 127, 14]);
});

test('what cannot be sent again says so', () => {
  const errors = [];
  room.onerror = ({ code }) => errors.push(code);
  wire.last.lose();
  room.withdraw('n-1');
  room.closeBallot();
  assert.deepEqual(errors, ['network', 'network']);
});

test('presence is kept apart from the state, and forgotten with the person', () => {
  let told = 0;
  room.onpresence = () => { told += 1; };
  const before = room.state.value;
  wire.last.say({ type: 'presence', people: { m_9: { at: [1, 2], view: [1, 2, 3] } } });
  assert.equal(room.state.value, before);
  assert.deepEqual([told, room.presence.seen('m_9').at], [1, [1, 2]]);
  wire.last.say({ type: 'gone', id: 'm_9' });
  assert.equal(room.presence.seen('m_9'), null);
});

test('who speaks redraws no ballot, and nobody speaks without a connection', () => {
  const { value: before } = room.ballot;
  wire.last.say({ type: 'voice_speakers', speakers: ['m_9', 'g_1'] });
  assert.deepEqual(room.speakers.value, ['m_9', 'g_1']);
  assert.equal(room.ballot.value, before);
  wire.last.say({ type: 'gone', id: 'm_9' });
  assert.deepEqual(room.speakers.value, ['g_1']);
  wire.last.lose();
  assert.deepEqual(room.speakers.value, []);
  room.socket.reconnect();
  enter();
  assert.deepEqual(room.speakers.value, [], 'what was said before the loss is over');
});
