/** What is sent into a live at a LiveKit server, and what is received of it. The library comes from outside. */
import { HOST, enterRoom } from './livekit-room.js';
import { Received } from './received.js';

/**
 * @typedef {import('../types.js').Ticket} Ticket
 * @typedef {import('./livekit-room.js').Sdk} Sdk
 * @typedef {import('./remote-link.js').News} News
 * @typedef {import('livekit-client').Room} Room
 */

/** 720p of a host, 360p of a guest, whose picture is a tile beside the host's. */
const HOST_RATE = 1_700_000;
const GUEST_RATE = 500_000;

export class LiveKitPublisher {
  /** @type {Room | null} */ #room = null;

  /**
   * @param {MediaStream} stream
   * @param {import('../media.js').PublishOptions} options
   * @param {() => Promise<Sdk>} load
   */
  constructor(stream, { simulcast, guest = false }, load) {
    /** @type {Record<string, MediaStreamTrack | undefined>} */
    this.tracks = { audio: stream.getAudioTracks()[0], video: stream.getVideoTracks()[0] };
    this.simulcast = simulcast;
    this.maxBitrate = guest ? GUEST_RATE : HOST_RATE;
    this.load = load;
  }

  /** @param {Ticket} ticket @param {News} news */
  async join(ticket, news) {
    const sdk = await this.load();
    const room = await enterRoom(sdk, ticket, news, () => {});
    const leave = () => room.disconnect(false);
    try {
      for (const track of Object.values(this.tracks)) if (track) await this.#send(sdk, room, track);
    } catch (error) {
      await leave();
      throw error;
    }
    this.#room = room;
    news.flows();
    return { leave };
  }

  /** @param {'audio' | 'video'} kind @param {boolean} muted */
  mute(kind, muted) {
    const track = this.tracks[kind];
    if (track) track.enabled = !muted;
  }

  /** @param {MediaStreamTrack} track */
  async replace(track) {
    const former = this.tracks[track.kind];
    if (former === track) return;
    track.enabled = former?.enabled ?? true;
    this.tracks[track.kind] = track;
    const sent = [...(this.#room?.localParticipant.trackPublications.values() ?? [])].find(({ kind }) => kind === track.kind);
    await sent?.track?.replaceTrack(track, true);
  }

  /** @param {Sdk} sdk @param {Room} room @param {MediaStreamTrack} track */
  async #send({ Track }, room, track) {
    if (track.kind === 'audio') {
      await room.localParticipant.publishTrack(track, { source: Track.Source.Microphone, dtx: true, red: true });
      return;
    }
    track.contentHint = 'motion';
    const videoEncoding = { maxBitrate: this.maxBitrate, maxFramerate: 30 };
    await room.localParticipant.publishTrack(track, { source: Track.Source.Camera, videoCodec: 'vp8', videoEncoding, simulcast: this.simulcast });
  }
}

export class LiveKitWatcher extends Received {
  /** @param {() => Promise<Sdk>} load */
  constructor(load) {
    super();
    this.load = load;
  }

  /** @param {Ticket} ticket @param {News} news */
  async join(ticket, news) {
    const sdk = await this.load();
    this.begin(news);
    const room = await enterRoom(sdk, ticket, news, (made) => {
      made.on(sdk.RoomEvent.TrackSubscribed, (track, _, from) => this.add(from.identity, from.metadata === HOST, track.mediaStreamTrack));
      made.on(sdk.RoomEvent.TrackUnsubscribed, (track, _, from) => this.remove(from.identity, track.mediaStreamTrack));
    });
    this.settle();
    return { leave: () => room.disconnect(false) };
  }
}
