/** The part of livekit-client's surface that we use, as it is documented, and a server behind it. */

export const RoomEvent = {
  Reconnecting: 'reconnecting',
  SignalReconnecting: 'signalReconnecting',
  Reconnected: 'reconnected',
  Disconnected: 'disconnected',
  TrackSubscribed: 'trackSubscribed',
  TrackUnsubscribed: 'trackUnsubscribed',
  TrackMuted: 'trackMuted',
  ActiveSpeakersChanged: 'activeSpeakersChanged',
};
export const DisconnectReason = { CLIENT_INITIATED: 1, DUPLICATE_IDENTITY: 2, SERVER_SHUTDOWN: 3, PARTICIPANT_REMOVED: 4, ROOM_DELETED: 5 };
export const Track = { Source: { Camera: 'camera', Microphone: 'microphone' } };

class Publication {
  isMuted = false;

  constructor(room, track, options) {
    this.kind = track.kind;
    this.options = options;
    this.track = {
      mediaStreamTrack: track,
      replaceTrack: async (next, userProvided) => {
        if (!userProvided) throw new Error('the library would stop a track that is not its own');
        this.track.mediaStreamTrack = next;
      },
    };
    this.room = room;
  }

  async mute() {
    this.isMuted = true;
  }

  async unmute() {
    this.isMuted = false;
  }
}

class LocalParticipant {
  trackPublications = new Map();

  constructor(room) {
    this.room = room;
  }

  async publishTrack(track, options) {
    if (this.room.server.forbids === track.kind) throw new Error('insufficient permissions');
    const made = new Publication(this.room, track, options);
    this.trackPublications.set(`TR_${this.trackPublications.size}`, made);
    return made;
  }

  async unpublishTrack(track, stop) {
    if (stop !== false) throw new Error('the library would stop a track that is not its own');
    for (const [sid, { track: sent }] of this.trackPublications) if (sent.mediaStreamTrack === track) this.trackPublications.delete(sid);
  }
}

/** A module like the library's; `rooms` are those that were made, `refuse` is thrown by the next connect. */
export function fakeLiveKit() {
  const server = { rooms: [], refuse: null, forbids: null, during: () => {} };

  class Room {
    listeners = new Map();
    localParticipant = new LocalParticipant(this);
    connected = null;
    left = 0;

    constructor(options) {
      this.options = options;
      this.server = server;
      server.rooms.push(this);
    }

    on(event, fn) {
      if (!Object.values(RoomEvent).includes(event)) throw new Error(`no such event: ${event}`);
      this.listeners.set(event, [...(this.listeners.get(event) ?? []), fn]);
      return this;
    }

    emit(event, ...rest) {
      for (const fn of this.listeners.get(event) ?? []) fn(...rest);
    }

    async connect(url, token, options) {
      this.connected = { url, token, options };
      if (server.refuse) {
        const error = server.refuse;
        server.refuse = null;
        throw error;
      }
      server.during(this);
    }

    async disconnect(stopTracks) {
      if (stopTracks !== false) throw new Error('the library would stop tracks that are not its own');
      this.left += 1;
      this.emit(RoomEvent.Disconnected, DisconnectReason.CLIENT_INITIATED);
    }

    /** Somebody's track comes, or goes. */
    receive(identity, metadata, mediaStreamTrack) {
      this.emit(RoomEvent.TrackSubscribed, { mediaStreamTrack }, {}, { identity, metadata });
    }

    lose(identity, metadata, mediaStreamTrack) {
      this.emit(RoomEvent.TrackUnsubscribed, { mediaStreamTrack }, {}, { identity, metadata });
    }
  }

  return { Room, RoomEvent, DisconnectReason, Track, server };
}

/** A MediaStreamTrack, as far as anybody looks. */
export function fakeTrack(kind, id = kind) {
  return { kind, id, enabled: true, contentHint: '' };
}

export class FakeStream {
  constructor(tracks = []) {
    this.tracks = [...tracks];
  }

  getTracks() {
    return this.tracks;
  }

  getAudioTracks() {
    return this.tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks() {
    return this.tracks.filter(({ kind }) => kind === 'video');
  }

  addTrack(track) {
    this.tracks.push(track);
  }

  removeTrack(track) {
    this.tracks = this.tracks.filter((each) => each !== track);
  }
}
