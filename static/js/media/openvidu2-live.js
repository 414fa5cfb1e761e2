/** What is sent into a live at an OpenVidu 2, and what is received of it. The library comes from outside. */
import { ApiError } from '../api.js';
import { enterSession, send } from './openvidu2-session.js';
import { Received } from './received.js';

/**
 * @typedef {import('../types.js').Ticket} Ticket
 * @typedef {import('./openvidu2-session.js').Sdk} Sdk
 * @typedef {import('./remote-link.js').News} News
 */

const HOST = 'publish';

export class OpenViduPublisher {
  /** @type {import('openvidu-browser').Publisher | null} */ #publisher = null;
  #muted = { audio: false, video: false };

  /**
   * @param {MediaStream} stream
   * @param {import('../media.js').PublishOptions} options
   * @param {() => Promise<Sdk>} load
   */
  constructor(stream, { isOnAir }, load) {
    /** @type {Record<string, MediaStreamTrack | undefined>} */
    this.tracks = { audio: stream.getAudioTracks()[0], video: stream.getVideoTracks()[0] };
    this.isOnAir = isOnAir;
    this.load = load;
  }

  /** @param {Ticket} ticket @param {News} news */
  async join(ticket, news) {
    const { openvidu, session } = await enterSession(await this.load(), ticket, { ...news, expelled: () => void this.#expelled(news) });
    const leave = async () => session.disconnect();
    try {
      this.#publisher = await send(openvidu, session, this.tracks, this.#muted);
    } catch (error) {
      await leave();
      throw error;
    }
    news.flows();
    return { leave };
  }

  /** @param {'audio' | 'video'} kind @param {boolean} muted */
  mute(kind, muted) {
    if (this.#muted[kind] === muted) return;
    this.#muted[kind] = muted;
    if (kind === 'audio') this.#publisher?.publishAudio(!muted);
    else void this.#publisher?.publishVideo(!muted);
  }

  /** @param {MediaStreamTrack} track */
  async replace(track) {
    const former = this.tracks[track.kind];
    if (former === track) return;
    this.tracks[track.kind] = track;
    // A kind that was not sent goes into the next connection.
    if (former) await this.#publisher?.replaceTrack(track.clone());
  }

  /** Still on air without us: another of our tabs sends. @param {News} news */
  async #expelled(news) {
    const replaced = await this.isOnAir().catch(() => false);
    news.lost(new ApiError(replaced ? 'media.replaced' : 'media.lost', ''));
  }
}

export class OpenViduWatcher extends Received {
  /** @param {() => Promise<Sdk>} load */
  constructor(load) {
    super();
    this.load = load;
  }

  /** @param {Ticket} ticket @param {News} news */
  async join(ticket, news) {
    this.begin(news);
    const { session } = await enterSession(await this.load(), ticket, {
      ...news,
      received: ({ peer, role }, stream) => stream.getTracks().forEach((track) => this.add(peer, role === HOST, track)),
      ended: ({ peer }, stream) => stream.getTracks().forEach((track) => this.remove(peer, track)),
    });
    this.settle();
    return { leave: async () => session.disconnect() };
  }
}
