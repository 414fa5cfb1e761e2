import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { ApiError } from '../../static/js/api.js';
import { MediaLink } from '../../static/js/media/link.js';

const ANSWER = 'v=0\r\na=ice-ufrag:theirs\r\na=ice-pwd:theirs\r\n';
const TURN = [{ urls: ['turn:turn.example.org'], username: '1:m_1', credential: 'c' }];
const TICKET = { kind: 'embedded', url: '/whep/x', token: 't0', expires_at: 0, ice_servers: TURN };

/** As much of a peer connection as the link touches; `bytes` is what its ICE pair received. */
class FakePeer {
  static all = [];

  constructor({ iceServers }) {
    this.iceServers = iceServers;
    this.connectionState = 'new';
    this.bytes = 0;
    FakePeer.all.push(this);
  }

  async createOffer({ iceRestart }) {
    return { type: 'offer', sdp: iceRestart ? 'm=audio 9 x 0\r\na=mid:0\r\na=ice-ufrag:new\r\na=ice-pwd:new\r\n' : 'offer' };
  }

  async setLocalDescription(offer) {
    this.localDescription = offer ?? { sdp: 'offer' };
    this.signalingState = 'have-local-offer';
  }

  async setRemoteDescription({ sdp }) {
    this.answer = sdp;
    this.remoteDescription = { sdp };
    this.signalingState = 'stable';
  }

  async getStats() {
    return new Map([['pair', { type: 'candidate-pair', bytesReceived: this.bytes }], ['t', { type: 'transport' }]]);
  }

  close() {
    this.connectionState = 'closed';
  }

  become(state) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

const settle = async () => {
  for (let i = 0; i < 5; i += 1) await new Promise(setImmediate);
};
const pass = async (ms) => {
  mock.timers.tick(ms);
  await settle();
};

/** It carries, for longer than any timer of its beginnings. */
async function stays(link) {
  for (let step = 0; step < 40; step += 1) {
    FakePeer.all.at(-1).bytes += 1;
    await pass(250);
  }
  assert.equal(link.state.value, 'live');
  assert.equal(server.asked.at(-1).split(' ')[0], 'POST');
}

let server; // what WHIP answers with, and what it was asked
let renewed;
let links;

function start(side = {}) {
  const renew = async () => ({ ...TICKET, token: `t${(renewed += 1)}` });
  const link = new MediaLink(TICKET, renew, { build: () => {}, ...side });
  links.push(link);
  return link;
}

beforeEach(() => {
  FakePeer.all = [];
  renewed = 0;
  links = [];
  server = { refuse: null, gone: null, asked: [], released: 200, bodies: [] };
  globalThis.RTCPeerConnection = FakePeer;
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  mock.method(Math, 'random', () => 0.5);
  mock.method(globalThis, 'fetch', async (path, { method, headers, body }) => {
    server.bodies.push(body);
    server.asked.push(`${method} ${path} ${headers.Authorization.slice(7)}`);
    if (method === 'DELETE') return new Response(null, { status: server.released });
    if (method === 'PATCH' && server.gone) return new Response(JSON.stringify({ error: { code: server.gone } }), { status: 404 });
    if (server.refuse === 'network') throw new TypeError('refused');
    if (server.refuse) return new Response(JSON.stringify({ error: { code: server.refuse, message: '' } }), { status: 409 });
    if (method === 'PATCH') return new Response('a=ice-ufrag:theirs2\r\na=ice-pwd:theirs2\r\n');
    return new Response(ANSWER, { status: 201, headers: { Location: `/whep/x/r${FakePeer.all.length}` } });
  });
});

afterEach(async () => {
  for (const link of links) await link.leave();
  mock.timers.reset();
  mock.restoreAll();
});

test('it offers once, takes the answer, and is live when connected', async () => {
  const up = [];
  const link = start({ up: (pc) => up.push(pc) });
  await settle();
  assert.equal(link.state.value, 'connecting');
  assert.deepEqual(FakePeer.all[0].iceServers, TURN);
  assert.equal(FakePeer.all[0].answer, ANSWER);
  assert.deepEqual(server.asked, ['POST /whep/x t0']);
  FakePeer.all[0].become('connected');
  assert.equal(link.state.value, 'live');
  assert.deepEqual(up, [FakePeer.all[0]]);
});

test('a failed connection starts over with a new ticket, after the back-off', async () => {
  const link = start();
  await settle();
  FakePeer.all[0].become('connected');
  FakePeer.all[0].become('failed');
  await settle();
  assert.equal(link.state.value, 'retrying');
  assert.deepEqual(server.asked, ['POST /whep/x t0', 'DELETE /whep/x/r1 t0']);
  await pass(249);
  assert.equal(FakePeer.all.length, 1);
  await pass(1);
  assert.equal(server.asked.at(-1), 'POST /whep/x t1');
  FakePeer.all[1].become('connected');
  assert.equal(link.state.value, 'live');
  assert.equal(link.error.value, null);
});

test('a server that is away is tried as the back-off says', async () => {
  server.refuse = 'network';
  const link = start();
  await settle();
  assert.equal(link.error.value.code, 'network');
  for (const wait of [250, 250, 375, 500]) {
    const before = server.asked.length;
    await pass(wait - 1);
    assert.equal(server.asked.length, before);
    await pass(1);
    assert.equal(server.asked.length, before + 1);
  }
  assert.equal(link.state.value, 'retrying');
});

test('nothing to watch yet is a wait, not a failure; a check tries at once', async () => {
  server.refuse = 'media.no_publication';
  const link = start();
  await settle();
  assert.equal(link.state.value, 'waiting');
  server.refuse = null;
  void link.check();
  await settle();
  FakePeer.all.at(-1).become('connected');
  assert.equal(link.state.value, 'live');
});

test('what trying again cannot help ends it', async () => {
  server.refuse = 'live.ended';
  const link = start();
  await settle();
  assert.equal(link.state.value, 'stopped');
  assert.ok(link.error.value instanceof ApiError);
  await pass(60_000);
  assert.equal(server.asked.length, 1);
});

test('media that stands still restarts ICE once, under the same connection', async () => {
  const link = start();
  await settle();
  const [pc] = FakePeer.all;
  pc.become('connected');
  for (let step = 0; step < 6; step += 1) await pass(250);
  assert.deepEqual(server.asked, ['POST /whep/x t0', 'PATCH /whep/x/r1 t0']);
  assert.match(server.bodies.at(-1), /a=ice-ufrag:new/);
  assert.match(pc.answer, /^a=ice-ufrag:theirs2$/m);
  pc.become('connected');
  pc.bytes += 1000;
  for (let step = 0; step < 3; step += 1) await pass(250);
  assert.equal(link.state.value, 'live');
  assert.equal(FakePeer.all.length, 1);
  for (let step = 0; step < 12; step += 1) await pass(250);
  assert.equal(server.asked.filter((asked) => asked.startsWith('PATCH')).length, 2, 'a new silence, a new restart');
});

test('an ICE restart that the server refuses becomes a new offer', async () => {
  const up = [];
  const link = start({ up: (pc) => up.push(pc), linger: true });
  await settle();
  FakePeer.all[0].become('connected');
  server.gone = 'media.no_resource';
  for (let step = 0; step < 5; step += 1) await pass(250);
  assert.deepEqual(server.asked.slice(1), ['PATCH /whep/x/r1 t0', 'DELETE /whep/x/r1 t0', 'POST /whep/x t1'], 'at once');
  assert.equal(link.state.value, 'retrying');
  FakePeer.all[1].become('connected');
  assert.deepEqual(up, FakePeer.all);
  assert.equal(FakePeer.all[0].connectionState, 'closed', 'the last picture of the old one is not needed');
  await stays(link);
});

test('media that stands still for three seconds starts over, long before ICE notices', async () => {
  const link = start();
  await settle();
  const [pc] = FakePeer.all;
  pc.become('connected');
  for (let second = 0; second < 10; second += 1) {
    for (let step = 0; step < 4; step += 1) {
      pc.bytes += 1000;
      await pass(250);
    }
  }
  assert.equal(link.state.value, 'live');
  for (let step = 0; step < 15; step += 1) await pass(250);
  assert.equal(link.state.value, 'live', 'ICE was restarted, and has a while to help');
  for (let step = 0; step < 3; step += 1) await pass(250);
  assert.equal(link.state.value, 'retrying');
});

test('a check starts over when nothing flows, and leaves alone what does', async () => {
  const link = start();
  await settle();
  const [pc] = FakePeer.all;
  pc.become('connected');
  void link.check();
  await settle();
  pc.bytes += 1;
  await pass(900);
  assert.equal(FakePeer.all.length, 1);
  void link.check();
  await settle();
  await pass(900);
  assert.equal(FakePeer.all.length, 2);
  assert.equal(server.asked.at(-1), 'POST /whep/x t1');
  FakePeer.all[1].become('connected');
  await stays(link);
});

test('a check leaves a young attempt alone, and starts over one that hangs', async () => {
  const link = start();
  await settle();
  FakePeer.all[0].become('connected');
  FakePeer.all[0].become('failed');
  await pass(250);
  assert.equal(FakePeer.all.length, 2);
  void link.check(); // the WebSocket came back a moment after the offer went out
  await pass(2_900);
  assert.equal(FakePeer.all.length, 2);
  await pass(200);
  void link.check();
  await settle();
  assert.equal(FakePeer.all.length, 3);
});

test('a check leaves a restart of ICE the time that it takes', async () => {
  const link = start();
  await settle();
  const [pc] = FakePeer.all;
  pc.become('connected');
  for (let step = 0; step < 2; step += 1) await pass(250);
  void link.check(); // the WebSocket came back
  for (let step = 0; step < 8; step += 1) await pass(250);
  assert.deepEqual(server.asked, ['POST /whep/x t0', 'PATCH /whep/x/r1 t0']);
  void link.check();
  await pass(250);
  pc.bytes += 1;
  for (let step = 0; step < 3; step += 1) await pass(250);
  assert.equal(link.state.value, 'live');
  assert.equal(FakePeer.all.length, 1);
});

test('an answer that never becomes a connection is given up after eight seconds', async () => {
  const link = start();
  await settle();
  await pass(7999);
  assert.equal(link.state.value, 'connecting');
  await pass(1);
  assert.equal(link.state.value, 'retrying');
});

test('a viewer keeps the last picture until there is a new one', async () => {
  const link = start({ linger: true });
  await settle();
  const [first] = FakePeer.all;
  first.become('connected');
  first.become('failed');
  await pass(250);
  assert.notEqual(first.connectionState, 'closed');
  FakePeer.all[1].become('connected');
  assert.equal(first.connectionState, 'closed');
  await link.leave();
  assert.equal(FakePeer.all[1].connectionState, 'closed');
});

test('leaving deletes the resource and stays away', async () => {
  const link = start();
  await settle();
  FakePeer.all[0].become('connected');
  await link.leave();
  assert.equal(link.state.value, 'stopped');
  assert.equal(server.asked.at(-1), 'DELETE /whep/x/r1 t0');
  await pass(60_000);
  assert.equal(FakePeer.all.length, 1);
});

test('leaving while the offer is under way still deletes what it made', async () => {
  const link = start();
  await link.leave();
  await settle();
  assert.deepEqual(server.asked, ['POST /whep/x t0', 'DELETE /whep/x/r1 t0']);
  assert.equal(link.state.value, 'stopped');
});

test('a sender whose place was taken stops, says so, and comes back when told to', async () => {
  const link = start({ isOnAir: async () => true });
  await settle();
  FakePeer.all[0].become('connected');
  server.released = 404;
  FakePeer.all[0].become('failed');
  await pass(250);
  assert.equal(link.state.value, 'stopped');
  assert.equal(link.error.value.code, 'media.replaced');
  void link.check();
  await pass(60_000);
  assert.equal(FakePeer.all.length, 1, 'it does not fight');
  link.resume();
  await settle();
  FakePeer.all[1].become('connected');
  assert.equal(link.state.value, 'live');
  assert.equal(link.error.value, null);
});

test('a sender that nobody replaced comes back, also to a server that was restarted', async () => {
  let onAir = true;
  const link = start({ isOnAir: async () => onAir });
  await settle();
  FakePeer.all[0].become('connected');
  FakePeer.all[0].become('failed');
  await pass(250);
  FakePeer.all[1].become('connected');
  assert.equal(link.state.value, 'live');
  server.released = 404;
  onAir = false;
  FakePeer.all[1].become('failed');
  await pass(250);
  FakePeer.all[2].become('connected');
  assert.equal(link.state.value, 'live');
});

test('a sender whose question stays unanswered comes back', async () => {
  const link = start({ isOnAir: async () => Promise.reject(new ApiError('network', '')) });
  await settle();
  FakePeer.all[0].become('connected');
  server.released = 404;
  FakePeer.all[0].become('failed');
  await pass(250);
  FakePeer.all[1].become('connected');
  assert.equal(link.state.value, 'live');
});

test('told by another tab, a sender gives way without ending what the other one sends', async () => {
  const link = start({ isOnAir: async () => true });
  await settle();
  FakePeer.all[0].become('connected');
  link.giveWay();
  await pass(60_000);
  assert.equal(link.state.value, 'stopped');
  assert.equal(link.error.value.code, 'media.replaced');
  assert.deepEqual(server.asked, ['POST /whep/x t0']);
  assert.equal(FakePeer.all[0].connectionState, 'closed');
});

for (const [who, linger, after] of [['a sender, and a moment longer', false, 1500], ['a viewer', true, 0]]) {
  test(`told to move, it keeps its connection until there is one with the other node: ${who}`, async () => {
    const link = start({ linger, isOnAir: async () => true });
    await settle();
    const [former] = FakePeer.all;
    former.become('connected');
    server.refuse = 'network';
    link.move();
    await settle();
    assert.equal(link.state.value, 'retrying');
    server.refuse = null;
    await pass(250);
    assert.deepEqual(server.asked.slice(1), ['POST /whep/x t1', 'POST /whep/x t2'], 'nobody is told good-bye');
    FakePeer.all.at(-1).become('connected');
    assert.equal(former.connectionState, linger ? 'closed' : 'connected');
    await pass(after);
    assert.equal(former.connectionState, 'closed');
  });
}
