import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Liveness, PING_AFTER, PONG_WITHIN } from '../../static/js/connection.js';
import { Flow } from '../../static/js/media/flow.js';

test('a ping is due after our own silence only', () => {
  const liveness = new Liveness(0);
  assert.equal(liveness.due(PING_AFTER - 1), null);
  assert.equal(liveness.due(PING_AFTER), 'ping');
  liveness.sent(5000);
  assert.equal(liveness.due(PING_AFTER), null);
  assert.equal(liveness.deadline(), 5000 + PING_AFTER);
});

test('a ping that nothing answers drops the connection', () => {
  const liveness = new Liveness(0);
  liveness.asked(1000);
  assert.equal(liveness.deadline(), 1000 + PONG_WITHIN);
  assert.equal(liveness.due(1000 + PONG_WITHIN - 1), null);
  assert.equal(liveness.due(1000 + PONG_WITHIN), 'drop');
});

test('anything heard is a sign of life', () => {
  const liveness = new Liveness(0);
  liveness.asked(1000);
  liveness.heard();
  assert.equal(liveness.due(1000 + PONG_WITHIN), null);
});

test('asking again does not put the deadline off', () => {
  const liveness = new Liveness(0);
  liveness.asked(1000);
  liveness.asked(4000);
  assert.equal(liveness.due(1000 + PONG_WITHIN), 'drop');
});

test('media flows while its bytes move', () => {
  const flow = new Flow(0);
  assert.equal(flow.sample(10, 1000), 0);
  assert.equal(flow.sample(10, 2000), 1000);
  assert.equal(flow.sample(10, 4000), 3000);
  assert.equal(flow.sample(11, 5000), 0);
  assert.equal(flow.sample(4, 5500), 500, 'a pair was given up, and its bytes with it');
  assert.equal(flow.sample(5, 5600), 0);
});

test('a flow with long gaps is given longer, but never gets used to silence', () => {
  const flow = new Flow(0);
  assert.equal(flow.faintAfter, 800);
  flow.sample(1, 600);
  assert.equal(flow.faintAfter, 1500);
  flow.sample(2, 600 + 1400);
  assert.equal(flow.faintAfter, 1600);
});
