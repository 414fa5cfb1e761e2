import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { ApiError } from '../../static/js/api.js';
import { RemoteLink } from '../../static/js/media/remote-link.js';

const TICKET = { kind: 'livekit', url: 'wss://x', token: 'first', expires_at: 0, ice_servers: [] };

let link;
let joins;
let left;
let renewed;
let refusal;
let join;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  joins = [];
  left = [];
  renewed = 0;
  refusal = null;
  join = async (ticket, news) => {
    joins.push({ ticket, news });
    if (refusal) throw refusal;
    const number = joins.length;
    return { leave: async () => void left.push(number) };
  };
});

afterEach(async () => {
  await link.leave();
  mock.timers.reset();
});

async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

async function begin() {
  const renew = async () => {
    renewed += 1;
    if (refusal) throw refusal;
    return { ...TICKET, token: `number ${renewed}` };
  };
  link = new RemoteLink(TICKET, renew, (...rest) => join(...rest));
  await settle();
}

async function later(ms = 10_000) {
  mock.timers.tick(ms);
  await settle();
}

test('it lives when media flows, and comes back with another ticket when it is lost', async () => {
  await begin();
  assert.equal(link.state.value, 'connecting');
  joins[0].news.flows();
  assert.equal(link.state.value, 'live');
  joins[0].news.lost(new ApiError('media.lost', ''));
  assert.equal(link.state.value, 'retrying');
  assert.deepEqual(left, [1]);
  await later();
  assert.deepEqual(joins.map(({ ticket }) => ticket.token), ['first', 'number 1']);
  joins[1].news.flows();
  assert.equal(link.state.value, 'live');
  assert.equal(link.error.value, null);
});

test('nobody listens to an older connection', async () => {
  await begin();
  joins[0].news.lost(new ApiError('media.lost', ''));
  await later();
  joins[1].news.flows();
  joins[0].news.lost(new ApiError('media.replaced', ''));
  joins[0].news.faint(true);
  joins[0].news.waits();
  assert.equal(link.state.value, 'live');
  assert.equal(link.faint.value, false);
});

test('what is faint is shown until it flows again, or is lost', async () => {
  await begin();
  joins[0].news.faint(true);
  assert.equal(link.faint.value, true);
  joins[0].news.faint(false);
  assert.equal(link.faint.value, false);
  joins[0].news.faint(true);
  joins[0].news.lost(new Error('gone'));
  assert.equal(link.faint.value, false);
  assert.equal(link.error.value.code, 'media.lost');
});

test('what is final stops it, until it is asked to go on', async () => {
  await begin();
  joins[0].news.lost(new ApiError('media.replaced', ''));
  assert.equal(link.state.value, 'stopped');
  await later();
  assert.equal(joins.length, 1);
  link.check();
  await settle();
  assert.equal(joins.length, 1);
  link.resume();
  await settle();
  assert.equal(joins.length, 2);
  link.giveWay();
  assert.deepEqual([link.state.value, link.error.value.code], ['stopped', 'media.replaced']);
});

test('while there is no ticket it waits longer and longer, and a check does not wait', async () => {
  refusal = new ApiError('media.unavailable', '');
  await begin();
  assert.equal(link.state.value, 'retrying');
  await later();
  await later();
  const tried = renewed;
  assert.ok(tried >= 2);
  refusal = null;
  link.check();
  link.check();
  await settle();
  assert.equal(renewed, tried + 1);
  link.check(); // it is connected and looks after itself
  await settle();
  assert.equal(renewed, tried + 1);
});

test('a connection that comes when nobody wants it any more is left', async () => {
  let arrive;
  join = (ticket, news) => new Promise((resolve) => {
    joins.push({ ticket, news });
    arrive = () => resolve({ leave: async () => void left.push('late') });
  });
  await begin();
  await link.leave();
  arrive();
  await settle();
  assert.deepEqual(left, ['late']);
  assert.equal(link.state.value, 'stopped');
});
