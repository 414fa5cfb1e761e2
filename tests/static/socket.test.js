import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { RoomSocket } from '../../static/js/socket.js';
import { FakeWire, joined } from './fake-socket.js';

const line = (id, text) => ({ id, from: { id: 'g_1', name: '하늘' }, text, at: 1 });

let wire;
let socket;

/** A socket that is in its room. */
function enter(more) {
  socket.connect();
  wire.last.accept();
  wire.last.say(joined(more));
}

beforeEach((context) => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  wire = new FakeWire();
  socket = new RoomSocket('map/x', wire);
  context.after?.(() => socket.close());
});

test('it joins as soon as it is connected, and is open once the room answered', () => {
  socket.connect();
  assert.equal(socket.state.value, 'connecting');
  wire.last.accept();
  assert.deepEqual(wire.last.sent, [{ type: 'join', room: 'map/x', n: 1 }]);
  assert.equal(socket.state.value, 'connecting');
  wire.last.say(joined());
  assert.equal(socket.state.value, 'open');
  assert.equal(socket.you.value.id, 'g_1');
  assert.deepEqual(socket.iceServers, joined().ice_servers);
});

test('messages reach those who listen to their type, until they stop', () => {
  const heard = [];
  const off = socket.on('person', ({ person }) => heard.push(person.id));
  enter();
  wire.last.say({ type: 'person', person: { id: 'a' } });
  wire.last.say({ type: 'gone', id: 'a' });
  off();
  wire.last.say({ type: 'person', person: { id: 'b' } });
  assert.deepEqual(heard, ['a']);
});

test('after a loss it waits as the protocol says, then joins again', () => {
  enter();
  wire.last.lose();
  assert.equal(socket.state.value, 'retrying');
  assert.equal(socket.retryAt.value, 250);
  mock.timers.tick(249);
  assert.equal(wire.sockets.length, 1);
  mock.timers.tick(1);
  assert.equal(wire.sockets.length, 2);
  wire.last.lose();
  mock.timers.tick(250);
  wire.last.lose();
  mock.timers.tick(374);
  assert.equal(wire.sockets.length, 3);
  mock.timers.tick(1);
  wire.last.accept();
  assert.equal(wire.last.of('join').length, 1);
  wire.last.say(joined());
  assert.equal(socket.state.value, 'open');
  wire.last.lose();
  assert.equal(socket.retryAt.value - Date.now(), 250, 'a joined room starts the back-off anew');
});

test('a room that moves is told to who listens, and joined again', () => {
  let moves = 0;
  socket.on('moved', () => (moves += 1));
  enter();
  wire.last.lose(1006);
  mock.timers.tick(250);
  wire.last.accept();
  wire.last.say(joined());
  assert.equal(moves, 0);
  wire.last.lose(1012);
  assert.equal(moves, 1);
  assert.equal(socket.state.value, 'retrying');
});

test('an upgrade that hangs is a loss', () => {
  socket.connect();
  mock.timers.tick(4000);
  assert.equal(socket.state.value, 'retrying');
});

test('it pings after ten silent seconds and drops a server that stays silent for four', () => {
  enter();
  const { last } = wire;
  mock.timers.tick(9999);
  assert.equal(last.of('ping').length, 0);
  mock.timers.tick(1);
  assert.equal(last.of('ping').length, 1);
  last.say({ type: 'pong', now: 0 });
  mock.timers.tick(10_000);
  assert.equal(last.of('ping').length, 2);
  mock.timers.tick(3999);
  assert.equal(socket.state.value, 'open');
  mock.timers.tick(1);
  assert.equal(socket.state.value, 'retrying');
  assert.equal(last.closedWith, undefined);
});

test('doubted, it has a second to prove that it lives', () => {
  socket.doubt();
  enter();
  const first = wire.last;
  socket.doubt();
  assert.equal(first.of('ping').length, 1);
  mock.timers.tick(900);
  first.say({ type: 'pong', now: 1 });
  mock.timers.tick(1_000);
  assert.equal(socket.state.value, 'open');
  socket.doubt();
  mock.timers.tick(999);
  assert.equal(socket.state.value, 'open');
  mock.timers.tick(1);
  assert.equal(socket.state.value, 'retrying');
});

test('what was sent counts as a sign of life', () => {
  enter();
  mock.timers.tick(8000);
  assert.ok(socket.send({ type: 'look', view: [1, 2, 3] }));
  mock.timers.tick(8000);
  assert.equal(wire.last.of('ping').length, 0);
});

test('nothing is sent while not in the room', () => {
  assert.equal(socket.send({ type: 'look' }), false);
  socket.connect();
  wire.last.accept();
  assert.equal(socket.send({ type: 'look' }), false);
});

test('an error finds the message that it answers, once', () => {
  enter();
  const errors = [];
  socket.send({ type: 'vote', nominee: 'n-1', on: true }, ({ code }) => errors.push(code));
  const [{ n }] = wire.last.of('vote');
  wire.last.say({ type: 'error', code: 'ballot.closed', message: '', n: n + 1 });
  wire.last.say({ type: 'error', code: 'ballot.closed', message: '', n });
  wire.last.say({ type: 'error', code: 'ballot.closed', message: '', n });
  assert.deepEqual(errors, ['ballot.closed']);
});

test('a room that refuses is not asked again until told to', () => {
  socket.connect();
  wire.last.accept();
  wire.last.say({ type: 'error', code: 'auth.required', message: '이름을 적어 주세요.', n: 1 });
  assert.equal(socket.state.value, 'closed');
  assert.deepEqual(socket.refusal.value, { code: 'auth.required', message: '이름을 적어 주세요.' });
  mock.timers.tick(60_000);
  assert.equal(wire.sockets.length, 1);
  socket.reconnect();
  assert.equal(socket.refusal.value, null);
  assert.equal(wire.sockets.length, 2);
});

for (const code of ['store.unavailable', 'server.error', 'rate.limited', 'one.of.tomorrow']) {
  test(`a join that fails with ${code} is tried again, ever less often`, () => {
    socket.connect();
    wire.last.accept();
    wire.last.say({ type: 'error', code, message: '', n: 1 });
    assert.equal(socket.state.value, 'retrying');
    assert.equal(socket.refusal.value, null);
    assert.equal(wire.sockets[0].readyState, 3, 'the socket that is in no room is let go');
    mock.timers.tick(250);
    wire.last.accept();
    wire.last.say({ type: 'error', code, message: '', n: 2 });
    mock.timers.tick(250);
    wire.last.accept();
    wire.last.say({ type: 'error', code, message: '', n: 3 });
    assert.equal(socket.retryAt.value - Date.now(), 375);
    mock.timers.tick(375);
    wire.last.accept();
    wire.last.say(joined());
    assert.equal(socket.state.value, 'open');
  });
}

for (const code of ['share_map.unknown', 'share_map.expired', 'share_map.ended', 'share_map.account_required',
  'live.unknown', 'live.ended', 'auth.required', 'room.full']) {
  test(`${code} is a final answer`, () => {
    socket.connect();
    wire.last.accept();
    wire.last.say({ type: 'error', code, message: '', n: 1 });
    assert.equal(socket.refusal.value.code, code);
    mock.timers.tick(60_000);
    assert.equal(wire.sockets.length, 1);
  });
}

test('when the session ended it asks who we are before it comes back', async () => {
  let answer;
  wire.askSession = () => new Promise((resolve) => (answer = resolve));
  enter();
  wire.last.lose(4001);
  mock.timers.tick(60_000);
  assert.equal(wire.sockets.length, 1);
  answer();
  await new Promise(setImmediate);
  assert.equal(wire.sockets.length, 2);
  wire.last.accept();
  wire.last.say({ type: 'error', code: 'auth.required', message: '', n: 2 });
  assert.equal(socket.refusal.value.code, 'auth.required');
});

test('a view that left when the session ended keeps its socket closed', async () => {
  wire.askSession = async () => socket.close();
  enter();
  wire.last.lose(4001);
  await new Promise(setImmediate);
  assert.equal(socket.state.value, 'closed');
  assert.equal(wire.sockets.length, 1);
});

test('a room that ends stays ended', () => {
  const ends = [];
  socket.on('ended', ({ code }) => ends.push(code));
  enter();
  wire.last.say({ type: 'ended', code: 'share_map.ended', message: '닫았어요.' });
  assert.equal(socket.state.value, 'closed');
  assert.deepEqual(ends, ['share_map.ended']);
  mock.timers.tick(60_000);
  assert.equal(wire.sockets.length, 1);
});

test('closing says goodbye and stays closed', () => {
  enter();
  const { last } = wire;
  socket.close();
  assert.equal(last.of('leave').length, 1);
  assert.equal(last.closedWith, 1000);
  mock.timers.tick(60_000);
  assert.equal(wire.sockets.length, 1);
});

test('what is said shows at once and settles when the server repeats it', () => {
  enter();
  socket.say('  여기 어때?  ');
  const [{ text, nonce }] = wire.last.of('chat');
  assert.equal(text, '여기 어때?');
  assert.deepEqual(socket.chat.lines.value.map(({ text: shown, state }) => [shown, state]), [['여기 어때?', 'sending']]);
  wire.last.say({ type: 'chatted', chat: line('c-1', text), nonce });
  assert.deepEqual(socket.chat.lines.value.map(({ id, state }) => [id, state]), [['c-1', undefined]]);
});

test('what was not acknowledged is said again with the same nonce after a reconnect', () => {
  enter();
  socket.say('하나');
  const [{ nonce }] = wire.last.of('chat');
  wire.last.lose();
  mock.timers.tick(250);
  wire.last.accept();
  wire.last.say(joined({ chat: [line('c-1', '먼저')] }));
  assert.deepEqual(wire.last.of('chat').map((m) => [m.text, m.nonce]), [['하나', nonce]]);
  assert.deepEqual(socket.chat.lines.value.map(({ text }) => text), ['먼저', '하나']);
  wire.last.say({ type: 'chatted', chat: line('c-2', '하나'), nonce });
  assert.deepEqual(socket.chat.lines.value.map(({ id }) => id), ['c-1', 'c-2']);
});

test('a line that was stored before the loss is not shown twice', () => {
  enter();
  socket.say('하나');
  const [{ nonce }] = wire.last.of('chat');
  wire.last.lose();
  mock.timers.tick(250);
  wire.last.accept();
  wire.last.say(joined({ chat: [line('c-1', '하나')] }));
  wire.last.say({ type: 'chatted', chat: line('c-1', '하나'), nonce });
  assert.deepEqual(socket.chat.lines.value.map(({ id }) => id), ['c-1']);
});

test('a refused line keeps its text and can be said again', () => {
  enter();
  socket.say('하나');
  const [{ n, nonce }] = wire.last.of('chat');
  wire.last.say({ type: 'error', code: 'rate.limited', message: '', n });
  assert.deepEqual(socket.chat.lines.value.map(({ state, error }) => [state, error?.code]), [['failed', 'rate.limited']]);
  socket.sayAgain(nonce);
  assert.equal(wire.last.of('chat').length, 2);
  assert.equal(socket.chat.lines.value[0].state, 'sending');
});

test('the chat keeps as many lines as the server does', () => {
  enter({ chat: Array.from({ length: 200 }, (_, i) => line(`c-${i}`, 'x')) });
  wire.last.say({ type: 'chatted', chat: line('c-200', 'y') });
  assert.equal(socket.chat.lines.value.length, 200);
  assert.equal(socket.chat.lines.value.at(-1).id, 'c-200');
});

test('a line that a moderator deleted is gone', () => {
  enter({ chat: [line('c-1', '하나'), line('c-2', '둘')] });
  wire.last.say({ type: 'chat_deleted', id: 'c-1' });
  assert.deepEqual(socket.chat.lines.value.map(({ id }) => id), ['c-2']);
});

test('what a moderator asked for is confirmed, or refused, once', () => {
  const heard = [];
  enter();
  const ask = (what) => socket.send({ type: 'remove', person: what }, ({ code }) => heard.push([what, code]), () => heard.push([what, 'done']));
  ask('a');
  ask('b');
  const [a, b] = wire.last.of('remove').map(({ n }) => n);
  wire.last.say({ type: 'moderated', n: a });
  wire.last.say({ type: 'moderated', n: a });
  wire.last.say({ type: 'error', code: 'room.unknown_person', message: '', n: b });
  wire.last.say({ type: 'moderated' });
  assert.deepEqual(heard, [['a', 'done'], ['b', 'room.unknown_person']]);
});
