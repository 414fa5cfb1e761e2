import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { watch } from '../../static/js/media/hls.js';

const TICKET = { kind: 'hls', url: '/api/lives/x/hls/index.m3u8', token: '', expires_at: 0 };

/** A video element of a browser that plays HLS itself: Node has no Media Source Extensions either. */
class FakeVideo extends EventTarget {
  src = '';
  error = null;

  removeAttribute(name) {
    this[name] = '';
  }

  load() {}
}

let refusal;
let asked;
let session;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  refusal = null;
  asked = [];
  mock.method(globalThis, 'fetch', async (path) => {
    asked.push(path);
    if (refusal === 'network') throw new TypeError('unreachable');
    if (refusal === null) return new Response('#EXTM3U');
    return Response.json({ error: { code: refusal.code, message: '' } }, { status: refusal.status });
  });
});

afterEach(async () => {
  await session.leave();
  mock.timers.reset();
  mock.restoreAll();
});

async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  await new Promise(setImmediate);
}

function begin() {
  const renewed = [];
  session = watch(TICKET, async () => {
    renewed.push(true);
    return TICKET;
  });
  return renewed;
}

test('it is live when the picture moves, and its source takes itself away', async () => {
  begin();
  assert.equal(session.state.value, 'connecting');
  await settle();
  const video = new FakeVideo();
  const detach = session.source.value.attach(video);
  assert.equal(video.src, TICKET.url);
  assert.equal(session.state.value, 'connecting');
  video.dispatchEvent(new Event('playing'));
  assert.equal(session.state.value, 'live');
  detach();
  assert.equal(video.src, '');
});

test('a live that HLS cannot show is not asked for again', async () => {
  refusal = { code: 'live.no_hls', status: 409 };
  begin();
  await settle();
  assert.equal(session.state.value, 'stopped');
  assert.equal(session.error.value.code, 'live.no_hls');
  mock.timers.tick(60_000);
  await settle();
  assert.equal(asked.length, 1);
});

test('what is lost is tried again with another ticket', async () => {
  refusal = 'network';
  const renewed = begin();
  await settle();
  assert.equal(session.state.value, 'retrying');
  refusal = null;
  mock.timers.tick(60_000);
  await settle();
  assert.equal(renewed.length, 1);
  const video = new FakeVideo();
  session.source.value.attach(video);
  video.dispatchEvent(new Event('playing'));
  assert.equal(session.state.value, 'live');
  video.dispatchEvent(new Event('error'));
  assert.equal(session.state.value, 'retrying');
  assert.equal(session.source.value, null);
  session.check();
  await settle();
  assert.notEqual(session.source.value, null, 'at once, when the network is back');
});

test('who leaves is not called back', async () => {
  refusal = { code: 'media.hls_busy', status: 503 };
  begin();
  await settle();
  await session.leave();
  mock.timers.tick(60_000);
  await settle();
  assert.equal(asked.length, 1);
  assert.equal(session.state.value, 'stopped');
});
