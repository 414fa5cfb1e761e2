import assert from 'node:assert/strict';
import { test } from 'node:test';

import { backoff } from '../../static/js/backoff.js';
import { TRANSITIONS, next } from '../../static/js/voice-machine.js';
import { VoiceSession } from '../../static/js/voice-session.js';
import { fakeWorld, on, settle } from './voice-world.js';

test('every state can be left, and an unknown transition is a defect', () => {
  for (const [state, events] of Object.entries(TRANSITIONS)) {
    assert.ok(Object.keys(events).length > 0, state);
    if (state !== 'off') assert.equal(next(state, 'stop'), 'off');
  }
  assert.throws(() => next('off', 'connected'), /no transition/);
});

test('the offer has one sending m-line and six slots, and the answer connects', async () => {
  const world = fakeWorld();
  const voice = new VoiceSession(world);
  const started = voice.start();
  assert.equal(voice.view.state, 'asking');
  await started;
  assert.equal(voice.view.state, 'joining');
  assert.deepEqual(world.sent, [{ type: 'voice_offer', sdp: 'offer with 7 m-lines' }]);
  const [peer] = world.peers;
  assert.deepEqual(peer.transceivers.map(({ direction }) => direction), ['sendonly', ...Array(6).fill('recvonly')]);
  assert.equal(peer.transceivers[0].sender.track, world.devices.tracks[0]);
  await voice.answered({ sdp: 'answer' });
  assert.deepEqual(peer.answer, { type: 'answer', sdp: 'answer' });
  assert.equal(voice.view.state, 'connecting');
  peer.become('connected');
  assert.equal(voice.view.state, 'on');
});

test('the microphone is asked for with echo cancellation', async () => {
  const { world } = await on();
  assert.deepEqual(world.devices.asked, [
    { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  ]);
});

test('each slot plays in an element of its own', async () => {
  const { world } = await on();
  assert.deepEqual(world.audios.map(({ srcObject, played }) => [srcObject.tracks[0].slot, played]), [
    [1, 1], [2, 1], [3, 1], [4, 1], [5, 1], [6, 1],
  ]);
});

for (const [error, problem] of [['NotAllowedError', 'denied'], ['NotReadableError', 'busy']]) {
  test(`${error} leaves the voice off and says ${problem}`, async () => {
    const world = fakeWorld();
    world.devices.error = error;
    const voice = new VoiceSession(world);
    await voice.start();
    assert.deepEqual([voice.view.state, voice.view.problem], ['off', problem]);
    assert.deepEqual(world.sent, []);
    await voice.start({ listening: true });
    assert.equal(voice.view.state, 'joining');
  });
}

test('without HTTPS there is no microphone, and it is said', async () => {
  const voice = new VoiceSession(fakeWorld({ devices: undefined }));
  await voice.start();
  assert.deepEqual([voice.view.state, voice.view.problem], ['off', 'insecure']);
});

test('a machine without a microphone listens: the m-line is there, and silent', async () => {
  const world = fakeWorld();
  world.devices.ids = [];
  const voice = new VoiceSession(world);
  await voice.start();
  await voice.answered({ sdp: 'answer' });
  assert.ok(voice.view.listening);
  assert.equal(world.peers[0].transceivers[0].direction, 'sendonly');
  assert.equal(world.peers[0].transceivers[0].sender.track, null);
  assert.deepEqual(world.sent.at(-1), { type: 'voice_mute', muted: true });
});

test('muting silences the track at once and tells the room', async () => {
  const { world, voice } = await on();
  voice.mute(true);
  assert.equal(world.devices.tracks[0].enabled, false);
  assert.deepEqual(world.sent.at(-1), { type: 'voice_mute', muted: true });
  voice.mute(false);
  assert.equal(world.devices.tracks[0].enabled, true);
});

test('a healing disconnect is left alone, a lasting one is replaced', async () => {
  const { world, voice } = await on();
  world.peers[0].become('disconnected');
  await world.clock.pass(1_900);
  world.peers[0].become('connected');
  await world.clock.pass(60_000);
  assert.equal(world.peers.length, 1);

  world.peers[0].become('disconnected');
  await world.clock.pass(2_000);
  assert.equal(voice.view.state, 'waiting');
  await world.clock.pass(500);
  assert.equal(voice.view.state, 'joining');
  assert.equal(world.peers.length, 2);
  assert.equal(world.peers[0].connectionState, 'closed');
  assert.equal(world.devices.asked.length, 1, 'the microphone is kept');
});

test('failed connections are retried as the back-off says, and a success resets the pace', async () => {
  const { world, voice } = await on();
  world.peers.at(-1).become('failed');
  const waits = [];
  for (let i = 0; i < 8; i += 1) {
    const before = world.clock.time;
    while (voice.view.state === 'waiting') await world.clock.pass(1);
    waits.push(world.clock.time - before);
    await voice.answered({ sdp: 'answer' });
    world.peers.at(-1).become('failed');
  }
  assert.deepEqual(waits, [250, 250, 375, 500, 500, 500, 500, 500]);
  while (voice.view.state === 'waiting') await world.clock.pass(1);
  await voice.answered({ sdp: 'answer' });
  world.peers.at(-1).become('connected');
  world.peers.at(-1).become('failed');
  await world.clock.pass(backoff(0, 0.5));
  assert.equal(voice.view.state, 'joining');
});

test('a connection that falls silent restarts ICE, in the same connection', async () => {
  const { world, voice } = await on();
  const [peer] = world.peers;
  await world.clock.pass(5_000);
  assert.equal(world.doubts, 0);
  peer.silent = true;
  await world.clock.pass(1_250);
  assert.equal(world.doubts, 1, 'the WebSocket has to prove itself');
  assert.equal(world.sent.at(-1).type, 'voice_restart');
  assert.match(world.sent.at(-1).fragment, /a=ice-ufrag:new/);
  await voice.restarted('a=ice-ufrag:theirs\r\na=ice-pwd:theirs\r\n');
  assert.equal(peer.signalingState, 'stable');
  peer.silent = false;
  await world.clock.pass(10_000);
  assert.equal(voice.view.state, 'on');
  assert.equal(world.peers.length, 1);
});

test('a connection that stays silent, or that the server does not know, is replaced', async () => {
  const { world, voice } = await on();
  world.peers[0].silent = true;
  await world.clock.pass(1_250);
  world.refuse({ code: 'media.no_resource' });
  assert.equal(voice.view.state, 'waiting');
  await world.clock.pass(backoff(0, 0.5));
  await voice.answered({ sdp: 'answer' });
  world.peers[1].silent = true;
  world.peers[1].become('connected');
  await world.clock.pass(1_000 + 3_000);
  assert.equal(voice.view.state, 'on');
  await world.clock.pass(250);
  assert.equal(voice.view.state, 'waiting');
  assert.equal(world.peers[1].connectionState, 'closed');
});

test('an answer that never comes, or cannot be used, is a lost connection', async () => {
  const world = fakeWorld();
  const voice = new VoiceSession(world);
  await voice.start();
  await world.clock.pass(8_000);
  assert.equal(voice.view.state, 'waiting');
  await world.clock.pass(500);
  await voice.answered({ sdp: 'broken' });
  assert.equal(voice.view.state, 'waiting');
  await world.clock.pass(500);
  await voice.answered({ sdp: 'answer' });
  await world.clock.pass(10_000);
  assert.equal(voice.view.state, 'waiting', 'ICE that never connects');
});

test('a full room is final, a busy server is asked again', async () => {
  const world = fakeWorld();
  const voice = new VoiceSession(world);
  await voice.start();
  world.refuse({ code: 'media.unavailable' });
  assert.equal(voice.view.state, 'waiting');
  await world.clock.pass(500);
  world.refuse({ code: 'media.room_full' });
  assert.deepEqual([voice.view.state, voice.view.problem], ['off', 'full']);
});

test('voice_closed brings the voice back, except when another tab took over', async () => {
  const { world, voice } = await on();
  voice.closed('timeout');
  assert.equal(voice.view.state, 'waiting');
  await world.clock.pass(500);
  voice.closed('replaced');
  assert.equal(voice.view.state, 'joining', 'our own new offer replaced the old connection');
  await voice.answered({ sdp: 'answer' });
  world.peers.at(-1).become('connected');
  voice.closed('replaced');
  assert.deepEqual([voice.view.state, voice.view.problem], ['off', 'replaced']);
  await voice.joined();
  assert.equal(voice.view.state, 'off', 'and it does not fight back');
});

test('a new session of the socket gets a new offer', async () => {
  const { world, voice } = await on();
  voice.mute(true);
  await voice.joined();
  assert.equal(world.peers.length, 2);
  assert.equal(world.sent.at(-1).type, 'voice_offer');
  await voice.answered({ sdp: 'answer' });
  assert.deepEqual(world.sent.at(-1), { type: 'voice_mute', muted: true }, 'muted as before');
});

test('after a reload the voice comes back by itself, muted if it was', async () => {
  const { world, voice } = await on();
  voice.mute(true);
  voice.close();
  const reloaded = new VoiceSession(fakeWorld({ session: world.session }));
  await reloaded.joined();
  assert.deepEqual([reloaded.view.state, reloaded.view.muted], ['joining', true]);
  assert.equal(reloaded.microphone.track.enabled, false);
});

test('another room, or a voice that was left, does not come back', async () => {
  const { world, voice } = await on();
  const elsewhere = new VoiceSession(fakeWorld({ session: world.session, room: 'map/y' }));
  await elsewhere.joined();
  assert.equal(elsewhere.view.state, 'off');
  voice.stop();
  const reloaded = new VoiceSession(fakeWorld({ session: world.session }));
  await reloaded.joined();
  assert.equal(reloaded.view.state, 'off');
});

test('leaving tells the room, ends the recording and silences the slots', async () => {
  const { world, voice } = await on();
  voice.stop();
  assert.deepEqual(world.types().at(-1), 'voice_leave');
  assert.equal(world.devices.tracks[0].readyState, 'ended');
  assert.equal(world.peers[0].connectionState, 'closed');
  assert.ok(world.audios.every(({ removed, srcObject }) => removed && srcObject === null));
  await world.clock.pass(60_000);
  assert.equal(voice.view.state, 'off');
});

test('leaving while the browser still asks lets go of a microphone that comes late', async () => {
  const world = fakeWorld();
  const voice = new VoiceSession(world);
  const started = voice.start();
  voice.stop();
  await started;
  assert.equal(voice.view.state, 'off');
  assert.equal(world.devices.tracks[0].readyState, 'ended');
  assert.equal(world.peers.length, 0);
});

test('an unplugged microphone is replaced by the default one, in the same connection', async () => {
  const { world, voice } = await on();
  await voice.chooseInput('headset');
  assert.equal(world.peers[0].transceivers[0].sender.track.deviceId, 'headset');
  world.devices.ids = ['built-in'];
  world.devices.tracks.at(-1).end();
  await settle();
  assert.equal(world.peers[0].transceivers[0].sender.track.deviceId, 'built-in');
  assert.equal(world.peers.length, 1);
});

test('when the last microphone goes one listens; when one comes one talks', async () => {
  const { world, voice } = await on();
  world.devices.ids = [];
  world.devices.tracks[0].end();
  await settle();
  assert.deepEqual([voice.view.listening, voice.view.problem], [true, 'none']);
  assert.deepEqual(world.sent.at(-1), { type: 'voice_mute', muted: true });
  world.devices.ids = ['new'];
  await voice.devicesChanged();
  assert.equal(voice.view.listening, false);
  assert.deepEqual(world.sent.at(-1), { type: 'voice_mute', muted: false });
});

test('back in front: a stolen microphone is asked for again, paused sound plays', async () => {
  const { world, voice } = await on();
  world.devices.tracks[0].muted = true;
  const before = world.audios[0].played;
  await voice.resume();
  assert.equal(world.devices.asked.length, 2);
  assert.equal(world.audios[0].played, before + 1);
});

test('back in front: a connection that died behind our back is replaced at once', async () => {
  const { world, voice } = await on();
  world.peers[0].connectionState = 'failed';
  await voice.resume();
  assert.equal(voice.view.state, 'waiting');
  await voice.resume();
  assert.equal(voice.view.state, 'joining');
});

test('sound that the browser holds back is said, until a tap frees it', async () => {
  const { world, voice } = await on();
  world.audios[0].refuses = 'NotAllowedError';
  await voice.outputs.resume();
  assert.ok(voice.view.soundBlocked);
  world.audios[0].refuses = null;
  await voice.outputs.resume();
  assert.equal(voice.view.soundBlocked, false);
});

test('the chosen speaker is used by every slot, also after a new connection', async () => {
  const { world, voice } = await on();
  await voice.chooseOutput('speaker');
  assert.ok(world.audios.every(({ sinkId }) => sinkId === 'speaker'));
  const again = new VoiceSession(fakeWorld({ local: world.local }));
  await again.start();
  await settle();
  assert.ok(again.world.audios.every(({ sinkId }) => sinkId === 'speaker'));
});
