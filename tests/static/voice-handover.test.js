import assert from 'node:assert/strict';
import { test } from 'node:test';

import { on } from './voice-world.js';

/** What is heard, by slot: the number of the connection that it comes from. */
const heardFrom = ({ audios, peers }) => audios.map(({ srcObject }) => {
  const receivers = peers.map(({ transceivers }) => transceivers.map(({ receiver }) => receiver.track));
  return receivers.findIndex((tracks) => tracks.includes(srcObject?.tracks[0]));
});

/** A room that went to another node, where there is a second connection. */
async function movedOver() {
  const { world, voice } = await on();
  voice.moved();
  await voice.joined();
  return { world, voice, former: world.peers[0], next: world.peers[1] };
}

test('when the room moves, what there was is heard and carries until the others are there', async () => {
  const { world, voice, former, next } = await movedOver();
  assert.equal(former.connectionState, 'connected');
  await voice.answered({ sdp: 'answer' });
  await world.clock.pass(3_000);
  assert.deepEqual(heardFrom(world), [0, 0, 0, 0, 0, 0], 'it takes as long as it takes');
  next.become('connected');
  await world.clock.pass(900);
  assert.deepEqual(heardFrom(world), [0, 0, 0, 0, 0, 0]);
  await world.clock.pass(100);
  assert.deepEqual(heardFrom(world), [1, 1, 1, 1, 1, 1]);
  assert.equal(former.connectionState, 'connected', 'others may still listen there');
  await world.clock.pass(1_000);
  assert.deepEqual([former.connectionState, voice.view.state], ['closed', 'on']);
  assert.equal(voice.pc, next);
});

test('a former connection that ends early leaves the floor to the new one', async () => {
  const { world, voice, former } = await movedOver();
  former.become('failed');
  assert.deepEqual(heardFrom(world), [1, 1, 1, 1, 1, 1]);
  assert.equal(voice.view.state, 'joining', 'which is not lost with it');
});

test('a former connection that heals is not taken for the new one', async () => {
  const { voice, world, former, next } = await movedOver();
  await voice.answered({ sdp: 'answer' });
  former.become('disconnected');
  former.become('connected');
  assert.equal(voice.view.state, 'connecting');
  await world.clock.pass(5_000);
  assert.equal(former.connectionState, 'connected');
  next.become('connected');
  assert.equal(voice.view.state, 'on');
});

test('a new connection that is lost again leaves the word to the former one', async () => {
  const { voice, world, former, next } = await movedOver();
  await voice.answered({ sdp: 'answer' });
  next.become('connected');
  await world.clock.pass(500);
  next.become('failed');
  await world.clock.pass(1_900);
  assert.deepEqual([former.connectionState, heardFrom(world)[0]], ['connected', 0]);
  await voice.answered({ sdp: 'answer' });
  world.peers[2].become('connected');
  await world.clock.pass(1_900);
  assert.deepEqual([former.connectionState, heardFrom(world)[0]], ['connected', 2]);
  await world.clock.pass(100);
  assert.equal(former.connectionState, 'closed');
});

test('a former connection that ends before there is another is a lost one', async () => {
  const { world, voice } = await on();
  voice.moved();
  world.peers[0].become('failed');
  assert.equal(voice.view.state, 'waiting');
  await voice.joined();
  assert.equal(voice.view.state, 'joining');
});

test('another microphone records for both', async () => {
  const { voice, former, next } = await movedOver();
  await voice.chooseInput('headset');
  for (const peer of [former, next]) assert.equal(peer.transceivers[0].sender.track.deviceId, 'headset');
});

test('a new connection that fails does not take the former one with it', async () => {
  const { world, voice, former } = await movedOver();
  world.refuse({ code: 'room.moving' });
  assert.deepEqual([voice.view.state, former.connectionState], ['waiting', 'connected']);
  await world.clock.pass(500);
  await voice.answered({ sdp: 'answer' });
  world.peers[2].become('connected');
  await world.clock.pass(2_000);
  assert.deepEqual(heardFrom(world), [2, 2, 2, 2, 2, 2]);
  assert.equal(former.connectionState, 'closed');
});

test('who leaves in between has left both', async () => {
  const { world, voice, former, next } = await movedOver();
  voice.stop();
  assert.deepEqual([former.connectionState, next.connectionState], ['closed', 'closed']);
  assert.ok(world.audios.every(({ srcObject }) => srcObject === null));
});

test('a page in front again does not give up a connection that is about to be made', async () => {
  const { voice, world } = await on();
  voice.moved();
  await voice.resume();
  assert.equal(voice.view.state, 'on');
  await voice.joined();
  assert.deepEqual([voice.view.state, world.peers.length], ['joining', 2]);
});
