import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { LiveKitPublisher, LiveKitWatcher } from '../../static/js/media/livekit-live.js';
import { LiveKitVoice } from '../../static/js/media/livekit-voice.js';
import { VoiceOutputs } from '../../static/js/voice-outputs.js';
import { DisconnectReason, FakeStream, RoomEvent, fakeLiveKit, fakeTrack } from './livekit-sdk.js';
import { FakeAudio, FakeClock, settle } from './voice-world.js';

globalThis.MediaStream = FakeStream;

const TICKET = { kind: 'livekit', url: 'wss://livekit.example.org', token: 'jwt', expires_at: 0, ice_servers: [] };

let sdk;
let told;
let news;

beforeEach(() => {
  sdk = fakeLiveKit();
  told = [];
  news = {
    flows: () => told.push('flows'),
    waits: () => told.push('waits'),
    faint: (faint) => told.push(faint ? 'faint' : 'clear'),
    lost: ({ code }) => told.push(code),
  };
});

const load = async () => sdk;
const publications = (room) => [...room.localParticipant.trackPublications.values()];

// ------------------------------------------------------------------------------------------- sending

async function publishing(options = {}, tracks = [fakeTrack('audio'), fakeTrack('video')]) {
  const publisher = new LiveKitPublisher(new FakeStream(tracks), { simulcast: true, isOnAir: async () => false, ...options }, load);
  const held = await publisher.join(TICKET, news);
  return { publisher, held, room: sdk.server.rooms.at(-1), tracks };
}

test('camera and microphone are sent with the token, and are live when both are', async () => {
  const { room } = await publishing();
  assert.equal(room.connected.url, 'wss://livekit.example.org');
  assert.equal(room.connected.token, 'jwt');
  assert.equal(room.options.stopLocalTrackOnUnpublish, false);
  const [audio, video] = publications(room);
  assert.equal(audio.options.source, 'microphone');
  assert.deepEqual(video.options, { source: 'camera', videoCodec: 'vp8', videoEncoding: { maxBitrate: 1_700_000, maxFramerate: 30 }, simulcast: true });
  assert.deepEqual(told, ['flows']);
});

test('a guest sends a smaller picture, and sound alone is enough', async () => {
  const { room } = await publishing({ guest: true, simulcast: false });
  assert.equal(publications(room)[1].options.videoEncoding.maxBitrate, 500_000);
  assert.equal(publications(room)[1].options.simulcast, false);
  const { room: other } = await publishing({}, [fakeTrack('audio')]);
  assert.deepEqual(publications(other).map(({ kind }) => kind), ['audio']);
});

test('another camera takes over in the same connection, as muted as the first one', async () => {
  const { publisher, room, tracks } = await publishing();
  publisher.mute('video', true);
  assert.equal(tracks[1].enabled, false);
  const next = fakeTrack('video', 'back');
  await publisher.replace(next);
  assert.equal(publications(room)[1].track.mediaStreamTrack, next);
  assert.equal(next.enabled, false);
  await publisher.replace(next);
  // And goes into the next connection, too.
  await publisher.join(TICKET, news);
  assert.equal(publications(sdk.server.rooms[1])[1].track.mediaStreamTrack, next);
});

test('a track that may not be sent ends the attempt, and the room is left', async () => {
  sdk.server.forbids = 'video';
  await assert.rejects(publishing(), /permissions/);
  assert.equal(sdk.server.rooms[0].left, 1);
});

for (const [reason, code] of [[DisconnectReason.DUPLICATE_IDENTITY, 'media.replaced'], [DisconnectReason.SERVER_SHUTDOWN, 'media.lost'], [DisconnectReason.PARTICIPANT_REMOVED, 'media.lost'], [undefined, 'media.lost']]) {
  test(`a disconnection for ${reason} is ${code}`, async () => {
    const { room } = await publishing();
    room.emit(RoomEvent.Disconnected, reason);
    assert.deepEqual(told, ['flows', code]);
  });
}

test('the library says when it tries to come back', async () => {
  const { room } = await publishing();
  room.emit(RoomEvent.Reconnecting);
  room.emit(RoomEvent.Reconnected);
  assert.deepEqual(told, ['flows', 'faint', 'clear']);
});

// ------------------------------------------------------------------------------------------ watching

async function watching() {
  const watcher = new LiveKitWatcher(load);
  const held = await watcher.join(TICKET, news);
  return { watcher, held, room: sdk.server.rooms.at(-1) };
}

function shown(watcher) {
  const video = { srcObject: null };
  watcher.source.value?.attach(video);
  return video.srcObject?.getTracks().map(({ id }) => id);
}

test('the host is the source, and guests are found by person', async () => {
  const { watcher, room } = await watching();
  assert.deepEqual(told, ['waits']);
  assert.equal(watcher.source.value, null);
  room.receive('m_1:publish', 'publish', fakeTrack('audio', 'voice'));
  room.receive('m_1:publish', 'publish', fakeTrack('video', 'face'));
  room.receive('g_2:stage', 'guest', fakeTrack('video', 'guest'));
  assert.deepEqual(shown(watcher), ['voice', 'face']);
  assert.deepEqual(watcher.guests.value(0, 'g_2').getTracks().map(({ id }) => id), ['guest']);
  assert.equal(watcher.guests.value(0, 'm_1'), undefined);
  assert.equal(watcher.guests.value(0, 'g_3'), undefined);
  assert.equal(told.at(-1), 'flows');
});

test('who is there already is seen at once', async () => {
  sdk.server.during = (room) => room.receive('m_1:publish', 'publish', fakeTrack('video', 'face'));
  const { watcher } = await watching();
  assert.deepEqual(shown(watcher), ['face']);
  assert.deepEqual(told, ['flows']);
});

test('a guest who goes is gone, and the last picture of a host stays while it is waited for', async () => {
  const { watcher, room } = await watching();
  const [face, guest] = [fakeTrack('video', 'face'), fakeTrack('video', 'guest')];
  room.receive('m_1:publish', 'publish', face);
  room.receive('g_2:stage', 'guest', guest);
  room.lose('g_2:stage', 'guest', guest);
  assert.equal(watcher.guests.value(0, 'g_2'), undefined);
  const source = watcher.source.value;
  room.lose('m_1:publish', 'publish', face);
  assert.equal(told.at(-1), 'waits');
  assert.equal(watcher.source.value, source);
  room.receive('m_1:publish', 'publish', fakeTrack('video', 'again'));
  assert.notEqual(watcher.source.value, source);
  assert.deepEqual(shown(watcher), ['again']);
  assert.equal(told.at(-1), 'flows');
});

test('leaving ends the connection and stops nobody’s camera', async () => {
  const { held, room } = await watching();
  await held.leave();
  assert.equal(room.left, 1);
});

// --------------------------------------------------------------------------------------------- voice

function voices() {
  const audios = [];
  const outputs = new VoiceOutputs(() => {
    audios.push(new FakeAudio());
    return audios.at(-1);
  });
  const clock = new FakeClock();
  const voice = new LiveKitVoice(outputs, clock, load);
  const heard = [];
  voice.onconnected = () => heard.push('connected');
  voice.onlost = () => heard.push('lost');
  voice.onfaint = () => heard.push('faint');
  voice.onspeakers = (people) => heard.push(people);
  return { voice, audios, clock, heard };
}

async function talking(track = fakeTrack('audio', 'mine')) {
  const made = voices();
  assert.deepEqual(await made.voice.request(track), { type: 'voice_enter' });
  await made.voice.accept({ url: 'wss://livekit.example.org', token: 'jwt' });
  return { ...made, track, room: sdk.server.rooms.at(-1) };
}

const playing = (audios) => audios.map(({ srcObject }) => srcObject?.getTracks()[0].id ?? null);

test('a voice is sent, and each of the others plays in an element that is free', async () => {
  const { room, audios, heard } = await talking();
  assert.deepEqual(publications(room).map(({ options }) => options), [{ source: 'microphone', dtx: true, red: true }]);
  assert.deepEqual(heard, ['connected']);
  const [a, b] = [fakeTrack('audio', 'a'), fakeTrack('audio', 'b')];
  room.receive('g_2:s2', 'talk', a);
  room.receive('g_3:s3', 'talk', b);
  assert.deepEqual(playing(audios), ['a', 'b']);
  room.lose('g_2:s2', 'talk', a);
  assert.deepEqual(playing(audios), [null, 'b']);
  room.receive('g_4:s4', 'talk', fakeTrack('audio', 'c'));
  assert.deepEqual(playing(audios), ['c', 'b']);
});

test('who speaks is told by person, each once', async () => {
  const { room, heard } = await talking();
  room.emit(RoomEvent.ActiveSpeakersChanged, [{ identity: 'g_2:s2' }, { identity: 'm_1:s1' }, { identity: 'g_2:s9' }]);
  assert.deepEqual(heard.at(-1), ['g_2', 'm_1']);
});

test('who only listens sends nothing, until there is a microphone, and lets go of it again', async () => {
  const { voice, room } = await talking(null);
  assert.deepEqual(publications(room), []);
  const track = fakeTrack('audio', 'new');
  await voice.replaceTrack(track);
  assert.deepEqual(publications(room).map(({ track: sent }) => sent.mediaStreamTrack), [track]);
  const other = fakeTrack('audio', 'other');
  await voice.replaceTrack(other);
  assert.deepEqual(publications(room).map(({ track: sent }) => sent.mediaStreamTrack), [other]);
  await voice.replaceTrack(null);
  assert.deepEqual(publications(room), []);
});

test('muting is told to that server, also for who was muted before they were in', async () => {
  const { voice, room } = await talking();
  voice.mute(true);
  assert.equal(publications(room)[0].isMuted, true);
  voice.mute(false);
  assert.equal(publications(room)[0].isMuted, false);
  const other = voices();
  await other.voice.request(fakeTrack('audio'));
  other.voice.mute(true);
  await other.voice.accept({ url: 'wss://x', token: 'jwt' });
  assert.equal(publications(sdk.server.rooms.at(-1))[0].isMuted, true);
});

test('a mute by the server stays when a moderator says so, and goes when it was ours of before', async () => {
  for (const moderated of [true, false]) {
    const { voice, room, clock } = await talking();
    const [sent] = publications(room);
    await sent.mute();
    room.emit(RoomEvent.TrackMuted, sent, room.localParticipant);
    if (moderated) voice.mute(true);
    await clock.pass(1000);
    assert.equal(sent.isMuted, moderated);
  }
});

test('a lost connection is silent and told once; one that was closed is not told', async () => {
  const { voice, room, audios, heard } = await talking();
  room.receive('g_2:s2', 'talk', fakeTrack('audio', 'a'));
  room.emit(RoomEvent.Reconnecting);
  room.emit(RoomEvent.Disconnected, DisconnectReason.SERVER_SHUTDOWN);
  assert.deepEqual(heard, ['connected', 'faint', [], 'lost']);
  assert.deepEqual(playing(audios), [null]);
  assert.equal(voice.alive, false);
  const other = await talking();
  other.voice.close();
  await settle();
  assert.deepEqual(other.heard, ['connected', []]);
  assert.equal(other.room.left, 1);
});

test('a server that cannot be reached fails the answer, as a broken one does', async () => {
  const { voice } = voices();
  await voice.request(null);
  sdk.server.refuse = new Error('could not establish signal connection');
  await assert.rejects(voice.accept({ url: 'wss://x', token: 'jwt' }), /signal connection/);
});
