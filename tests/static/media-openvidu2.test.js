import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { OpenViduPublisher, OpenViduWatcher } from '../../static/js/media/openvidu2-live.js';
import { senderOf } from '../../static/js/media/openvidu2-session.js';
import { OpenViduVoice } from '../../static/js/media/openvidu2-voice.js';
import { VoiceOutputs } from '../../static/js/voice-outputs.js';
import { FakeStream } from './livekit-sdk.js';
import { FakeTrack, fakeOpenVidu2 } from './openvidu2-sdk.js';
import { FakeAudio, settle } from './voice-world.js';

globalThis.MediaStream = FakeStream;

const TICKET = { kind: 'openvidu2', url: 'wss://x', token: 'wss://x?token=tok_1', expires_at: 0, ice_servers: [] };
const data = (peer, role) => JSON.stringify({ peer, role });

let sdk;
let told;
let news;

beforeEach(() => {
  sdk = fakeOpenVidu2();
  told = [];
  news = {
    flows: () => told.push('flows'),
    waits: () => told.push('waits'),
    faint: (faint) => told.push(faint ? 'faint' : 'clear'),
    lost: ({ code }) => told.push(code),
  };
});

const load = async () => sdk;

test('what our server said of a connection comes last, whatever its client says', () => {
  assert.deepEqual(senderOf({ data: data('m_1:s1', 'talk') }), { peer: 'm_1:s1', role: 'talk' });
  assert.deepEqual(senderOf({ data: `${data('m_9:s9', 'publish')}%/%${data('m_1:s1', 'talk')}` }), { peer: 'm_1:s1', role: 'talk' });
  for (const broken of ['', 'hello', '{}', '{"peer": 1, "role": "talk"}', 'null']) assert.deepEqual(senderOf({ data: broken }), { peer: '', role: '' });
});

// ------------------------------------------------------------------------------------------- sending

async function publishing({ isOnAir = async () => false } = {}, tracks = [new FakeTrack('audio'), new FakeTrack('video')]) {
  const publisher = new OpenViduPublisher(new FakeStream(tracks), { simulcast: false, isOnAir }, load);
  const held = await publisher.join(TICKET, news);
  const session = sdk.server.sessions.at(-1);
  return { publisher, held, session, tracks, sent: session.publishers[0] };
}

test('clones of camera and microphone are sent: the library stops what it is given', async () => {
  const { held, session, tracks, sent } = await publishing();
  assert.equal(session.token, TICKET.token);
  assert.deepEqual(sent.tracks.map(({ of }) => of), tracks);
  assert.deepEqual([sent.audio, sent.video], [true, true]);
  assert.deepEqual(told, ['flows']);
  await held.leave();
  assert.ok(sent.tracks.every(({ stopped }) => stopped));
  assert.ok(tracks.every(({ stopped }) => !stopped));
});

test('sound alone is sent without a picture', async () => {
  const { publisher, sent } = await publishing({}, [new FakeTrack('audio')]);
  assert.deepEqual([sent.properties.videoSource, sent.video], [false, false]);
  const camera = new FakeTrack('video');
  await publisher.replace(camera);
  assert.equal(sent.tracks.length, 1);
  await publisher.join(TICKET, news);
  assert.equal(sdk.server.sessions[1].publishers[0].tracks[1].of, camera);
});

test('what is muted is not sent, in the next connection neither', async () => {
  const { publisher, sent } = await publishing();
  publisher.mute('audio', true);
  publisher.mute('video', true);
  assert.deepEqual([sent.audio, sent.video], [false, false]);
  publisher.mute('video', false);
  await publisher.join(TICKET, news);
  const next = sdk.server.sessions[1].publishers[0];
  assert.deepEqual([next.audio, next.video], [false, true]);
});

test('another camera takes over in the same connection', async () => {
  const { publisher, sent, tracks } = await publishing();
  const next = new FakeTrack('video', 'back');
  await publisher.replace(next);
  await publisher.replace(next);
  assert.equal(sent.tracks[1].of, next);
  assert.equal(tracks[1].stopped, false);
});

test('what may not be published ends the attempt', async () => {
  sdk.server.forbids = true;
  await assert.rejects(publishing(), /PERMISSION/);
  assert.equal(sdk.server.sessions[0].left, 1);
});

for (const [onAir, code] of [[true, 'media.replaced'], [false, 'media.lost']]) {
  test(`disconnected by our server while ${onAir ? 'somebody' : 'nobody'} sends is ${code}`, async () => {
    const { session } = await publishing({ isOnAir: async () => onAir });
    session.end('forceDisconnectByServer');
    await settle();
    assert.deepEqual(told, ['flows', code]);
  });
}

test('the network is another reason to come back', async () => {
  const { session } = await publishing({ isOnAir: async () => true });
  session.emit('reconnecting');
  session.emit('reconnected');
  session.end('networkDisconnect');
  assert.deepEqual(told, ['flows', 'faint', 'clear', 'media.lost']);
});

// ------------------------------------------------------------------------------------------ watching

test('the host is the source, guests are found by person, and both can go', async () => {
  const watcher = new OpenViduWatcher(load);
  const held = await watcher.join(TICKET, news);
  const [session] = sdk.server.sessions;
  assert.deepEqual(told, ['waits']);
  const host = session.receive(data('m_1:publish', 'publish'), new FakeStream([new FakeTrack('audio', 'voice'), new FakeTrack('video', 'face')]));
  const guest = session.receive(data('g_2:stage', 'guest'), new FakeStream([new FakeTrack('video', 'guest')]));
  await settle();
  const video = {};
  watcher.source.value.attach(video);
  assert.deepEqual(video.srcObject.getTracks().map(({ id }) => id), ['voice', 'face']);
  assert.deepEqual(watcher.guests.value(0, 'g_2').getTracks().map(({ id }) => id), ['guest']);
  session.emit('streamDestroyed', { stream: guest });
  assert.equal(watcher.guests.value(0, 'g_2'), undefined);
  session.emit('streamDestroyed', { stream: host });
  assert.equal(told.at(-1), 'waits');
  await held.leave();
  assert.equal(session.left, 1);
});

test('a stream that is gone before it was received is nobody’s', async () => {
  const watcher = new OpenViduWatcher(load);
  await watcher.join(TICKET, news);
  const stream = sdk.server.sessions[0].receive(data('m_1:publish', 'publish'), new FakeStream([new FakeTrack('video')]), { gone: true });
  await settle();
  sdk.server.sessions[0].emit('streamDestroyed', { stream });
  assert.equal(watcher.source.value, null);
  assert.deepEqual(told, ['waits']);
});

// --------------------------------------------------------------------------------------------- voice

async function talking(track = new FakeTrack('audio', 'mine')) {
  const audios = [];
  const outputs = new VoiceOutputs(() => {
    audios.push(new FakeAudio());
    return audios.at(-1);
  });
  const voice = new OpenViduVoice(outputs, load);
  const heard = [];
  voice.onconnected = () => heard.push('connected');
  voice.onlost = () => heard.push('lost');
  voice.onfaint = () => heard.push('faint');
  voice.onspeakers = (people) => heard.push(people);
  assert.deepEqual(await voice.request(track), { type: 'voice_enter' });
  await voice.accept({ url: TICKET.url, token: TICKET.token });
  return { voice, audios, heard, track, session: sdk.server.sessions.at(-1) };
}

const playing = (audios) => audios.map(({ srcObject }) => srcObject?.getTracks()[0].id ?? null);

test('voices come and go, and who speaks is told by person', async () => {
  const { audios, heard, session } = await talking();
  assert.equal(session.publishers[0].audio, true);
  const one = session.receive(data('g_2:s2', 'talk'), new FakeStream([new FakeTrack('audio', 'a')]));
  session.receive(data('g_3:s3', 'talk'), new FakeStream([new FakeTrack('audio', 'b')]));
  await settle();
  assert.deepEqual(playing(audios), ['a', 'b']);
  session.emit('streamDestroyed', { stream: one });
  assert.deepEqual(playing(audios), [null, 'b']);
  session.emit('publisherStartSpeaking', { connection: { data: data('g_3:s3', 'talk') } });
  session.emit('publisherStopSpeaking', { connection: { data: data('g_3:s3', 'talk') } });
  assert.deepEqual(heard, ['connected', ['g_3'], []]);
});

test('the microphone is muted, changed, taken away and given again', async () => {
  const { voice, session, track } = await talking();
  voice.mute(true);
  assert.equal(session.publishers[0].audio, false);
  const other = new FakeTrack('audio', 'other');
  await voice.replaceTrack(other);
  assert.equal(session.publishers[0].tracks[0].of, other);
  assert.equal(track.stopped, false);
  await voice.replaceTrack(null);
  assert.deepEqual(session.publishers, []);
  await voice.replaceTrack(track);
  assert.equal(session.publishers[0].audio, false, 'still muted');
});

test('a lost connection is silent and told once; one that was closed is not told', async () => {
  const { voice, audios, heard, session } = await talking(null);
  assert.deepEqual(session.publishers, []);
  session.receive(data('g_2:s2', 'talk'), new FakeStream([new FakeTrack('audio', 'a')]));
  await settle();
  session.emit('reconnecting');
  session.end('networkDisconnect');
  assert.deepEqual(heard, ['connected', 'faint', [], 'lost']);
  assert.deepEqual(playing(audios), [null]);
  assert.equal(voice.alive, false);
  const other = await talking();
  other.voice.close();
  assert.deepEqual(other.heard, ['connected', []]);
  assert.equal(other.track.stopped, false);
});

test('a token that is refused fails the answer', async () => {
  sdk.server.refuse = new Error('token not valid');
  await assert.rejects(talking(), /not valid/);
});
