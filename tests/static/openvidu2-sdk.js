/** The part of openvidu-browser's surface that we use, as it is documented, and a server behind it. */

const EVENTS = ['reconnecting', 'reconnected', 'sessionDisconnected', 'streamCreated', 'streamDestroyed', 'publisherStartSpeaking', 'publisherStopSpeaking'];

/** A module like the library's; it stops the tracks that it was given, as the library does. */
export function fakeOpenVidu2() {
  const server = { sessions: [], refuse: null, forbids: false, during: () => {} };

  class Publisher {
    audio = null;
    video = null;

    constructor(properties) {
      this.properties = properties;
      this.tracks = [properties.audioSource, properties.videoSource].filter(Boolean);
      this.audio = properties.publishAudio;
      this.video = properties.publishVideo;
    }

    publishAudio(enabled) {
      this.audio = enabled;
    }

    async publishVideo(enabled) {
      this.video = enabled;
    }

    async replaceTrack(track) {
      const at = this.tracks.findIndex(({ kind }) => kind === track.kind);
      this.tracks[at].stop();
      this.tracks[at] = track;
    }

    dispose() {
      for (const track of this.tracks) track.stop();
    }
  }

  class Session {
    listeners = new Map();
    publishers = [];
    token = null;
    left = 0;

    on(event, fn) {
      if (!EVENTS.includes(event)) throw new Error(`no such event: ${event}`);
      this.listeners.set(event, [...(this.listeners.get(event) ?? []), fn]);
      return this;
    }

    emit(event, body = {}) {
      for (const fn of this.listeners.get(event) ?? []) fn(body);
    }

    async connect(token) {
      this.token = token;
      if (server.refuse) throw server.refuse;
      server.during(this);
    }

    disconnect() {
      this.left += 1;
      this.end('disconnect');
    }

    end(reason) {
      for (const publisher of this.publishers) publisher.dispose();
      this.emit('sessionDisconnected', { reason });
    }

    async publish(publisher) {
      if (server.forbids) throw new Error('OPENVIDU_PERMISSION_DENIED');
      this.publishers.push(publisher);
    }

    async unpublish(publisher) {
      publisher.dispose();
      this.publishers = this.publishers.filter((each) => each !== publisher);
    }

    subscribe(stream, target, done) {
      if (target !== undefined) throw new Error('the library would put an element into the page');
      queueMicrotask(() => done(stream.gone ? new Error('gone') : undefined));
      return { stream: { getMediaStream: () => stream.media } };
    }

    /** Somebody's stream comes; `data` is that of their connection. */
    receive(data, media, more = {}) {
      const stream = { streamId: `str_${Math.random()}`, connection: { data }, media, ...more };
      this.emit('streamCreated', { stream });
      return stream;
    }
  }

  class OpenVidu {
    enableProdMode() {}

    initSession() {
      server.sessions.push(new Session());
      return server.sessions.at(-1);
    }

    async initPublisherAsync(target, properties) {
      if (target !== undefined) throw new Error('the library would put an element into the page');
      return new Publisher(properties);
    }
  }

  return { OpenVidu, server };
}

/** A MediaStreamTrack that can be cloned and stopped. */
export class FakeTrack {
  enabled = true;
  stopped = false;

  constructor(kind, id = kind) {
    this.kind = kind;
    this.id = id;
  }

  clone() {
    return Object.assign(new FakeTrack(this.kind, `${this.id}'`), { of: this });
  }

  stop() {
    this.stopped = true;
  }
}
