/** A browser and a server for the voice, in memory: fakes of what Node has not. */
import assert from 'node:assert/strict';
import { VoiceConnection } from '../../static/js/voice-connection.js';
import { VoiceSession } from '../../static/js/voice-session.js';

export class FakeClock {
  #timers = [];
  time = 0;
  now = () => this.time;
  after = (ms, fn) => {
    const timer = { at: this.time + ms, fn };
    this.#timers.push(timer);
    return timer;
  };
  cancel = (timer) => {
    this.#timers = this.#timers.filter((other) => other !== timer);
  };
  /** Let time pass; every timer that is due runs, in order, and promises settle in between. */
  async pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const [timer] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!timer) break;
      this.cancel(timer);
      this.time = timer.at;
      timer.fn();
      await settle();
    }
    this.time = end;
    await settle();
  }
}

/** Every promise that can settle has settled. */
export const settle = () => new Promise((resolve) => { setImmediate(resolve); });

export class FakeTrack extends EventTarget {
  enabled = true;
  muted = false;
  readyState = 'live';
  constructor(deviceId) {
    super();
    this.deviceId = deviceId;
  }
  getSettings() {
    return { deviceId: this.deviceId };
  }
  stop() {
    this.readyState = 'ended';
  }
  /** Pulled out, or taken by the system. */
  end() {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

export class FakeDevices extends EventTarget {
  ids = ['built-in', 'headset'];
  error = null;
  asked = [];
  tracks = [];
  async getUserMedia({ audio }) {
    this.asked.push(audio);
    if (this.error) throw Object.assign(new Error(this.error), { name: this.error });
    const wanted = audio.deviceId?.exact ?? this.ids[0];
    if (!this.ids.includes(wanted)) throw Object.assign(new Error(), { name: 'NotFoundError' });
    const track = new FakeTrack(wanted);
    this.tracks.push(track);
    return { getAudioTracks: () => [track], getTracks: () => [track] };
  }
  async enumerateDevices() {
    return this.ids.map((deviceId) => ({ kind: 'audioinput', deviceId, label: deviceId }));
  }
}

export class FakePeer extends EventTarget {
  connectionState = 'new';
  transceivers = [];
  answer = null;
  signalingState = 'stable';
  /** What its ICE pair received; more with every look, unless it is `silent`. */
  bytes = 0;
  silent = false;
  addTransceiver(trackOrKind, { direction }) {
    const track = typeof trackOrKind === 'string' ? null : trackOrKind;
    const transceiver = {
      direction,
      sender: { track, async replaceTrack(next) { this.track = next; } },
      receiver: { track: { slot: this.transceivers.length } },
    };
    this.transceivers.push(transceiver);
    return transceiver;
  }
  async createOffer({ iceRestart } = {}) {
    if (iceRestart) return { type: 'offer', sdp: 'm=audio 9 x 0\r\na=mid:0\r\na=ice-ufrag:new\r\na=ice-pwd:new\r\n' };
    return { type: 'offer', sdp: `offer with ${this.transceivers.length} m-lines` };
  }
  async setLocalDescription(offer) {
    this.localDescription = offer;
    this.signalingState = 'have-local-offer';
  }
  async setRemoteDescription(answer) {
    if (answer.sdp === 'broken') throw new Error('OperationError');
    this.remoteDescription = this.answer = answer;
    this.signalingState = 'stable';
  }
  async getStats() {
    if (!this.silent) this.bytes += 100;
    return new Map([['pair', { type: 'candidate-pair', bytesReceived: this.bytes }]]);
  }
  become(state) {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }
  close() {
    this.connectionState = 'closed';
  }
}

export class FakeAudio {
  played = 0;
  srcObject = null;
  refuses = null;
  sinkId = '';
  async play() {
    if (this.refuses) throw Object.assign(new Error(), { name: this.refuses });
    this.played += 1;
  }
  async setSinkId(id) {
    this.sinkId = id;
  }
  remove() {
    this.removed = true;
  }
}

export class FakeStorage {
  #items = new Map();
  getItem = (key) => this.#items.get(key) ?? null;
  setItem = (key, value) => void this.#items.set(key, value);
  removeItem = (key) => void this.#items.delete(key);
}

/** MediaStream is only a box here. */
globalThis.MediaStream ??= class {
  constructor(tracks) {
    this.tracks = tracks;
  }
};

/** Everything `VoiceSession` wants, and what came of it: `sent`, `peers`, `audios`. */
export function fakeWorld(more = {}) {
  const world = {
    room: 'map/x',
    slots: 6,
    sent: [],
    peers: [],
    audios: [],
    send(message, onerror) {
      world.sent.push(message);
      world.refuse = onerror ?? world.refuse;
      return true;
    },
    doubts: 0,
    doubt: () => void (world.doubts += 1),
    types: () => world.sent.map(({ type }) => type),
    devices: new FakeDevices(),
    connect(outputs) {
      world.peers.push(new FakePeer());
      return new VoiceConnection(world.peers.at(-1), outputs, world.clock);
    },
    createAudio() {
      world.audios.push(new FakeAudio());
      return world.audios.at(-1);
    },
    session: new FakeStorage(),
    local: new FakeStorage(),
    clock: new FakeClock(),
    random: () => 0.5,
    ...more,
  };
  return world;
}

/** A session that is on, with a connected peer. */
export async function on(more, options) {
  const world = fakeWorld(more);
  const voice = new VoiceSession(world);
  await voice.start(options);
  await voice.answered({ sdp: 'answer' });
  world.peers[0].become('connected');
  assert.equal(voice.view.state, 'on');
  return { world, voice };
}
