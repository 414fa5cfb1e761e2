/**
 * A live by HLS, some two seconds late: for browsers without WebRTC, and when many watch. hls.js is
 * loaded when used; where a browser has no Media Source Extensions (older iPhones) it plays HLS itself.
 */
import { signal } from '@preact/signals-core';
import { ApiError, reach, toError } from '../api.js';
import { backoff } from '../backoff.js';

/** Trying again cannot help. */
const FINAL = new Set(['live.ended', 'live.unknown', 'live.no_hls', 'media.codec_unsupported']);
/** What hls.js calls it when the browser has no decoder (Firefox on Linux without FFmpeg's libraries has none for H.264). */
const UNDECODABLE = new Set(['bufferAddCodecError', 'bufferIncompatibleCodecsError', 'manifestIncompatibleCodecsError']);
/** How fast it plays at most while it is further behind than need be; it gets slower as it comes nearer. */
const CATCH_UP = 1.3;
/** Seconds that it stays further behind after each time that it stood still. */
const AFTER_A_STALL = 0.25;
const BEGIN_WITHIN = 15_000; // ms; the server gives up after 12 s

/**
 * @typedef {import('../types.js').Ticket} Ticket
 * @typedef {import('../media.js').WatchSession} WatchSession
 */

/**
 * @param {Ticket} ticket
 * @param {() => Promise<Ticket>} renew
 * @returns {WatchSession}
 */
export function watch(ticket, renew) {
  const stream = new HlsStream(ticket, renew);
  return {
    state: stream.state,
    error: stream.error,
    faint: signal(false), // what is asked for tells by itself
    source: stream.source,
    guests: signal(() => undefined), // the host alone
    check: () => stream.check(),
    move: () => stream.check(),
    leave: async () => stream.leave(),
  };
}

class HlsStream {
  /** @param {Ticket} ticket @param {() => Promise<Ticket>} renew */
  constructor(ticket, renew) {
    this.state = signal(/** @type {import('../media.js').MediaState} */ ('connecting'));
    this.error = signal(/** @type {ApiError | null} */ (null));
    this.source = signal(/** @type {import('../media.js').Source | null} */ (null));
    /** @private @type {Ticket | null} */
    this.ticket = ticket;
    /** @private */
    this.renew = renew;
    /** @private */
    this.attempts = 0;
    /** @private @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    void this.attempt();
  }

  /** The network or the live is back: do not wait any longer. */
  check() {
    if (this.state.value === 'retrying') void this.attempt();
  }

  leave() {
    clearTimeout(this.timer);
    this.state.value = 'stopped';
    this.source.value = null;
  }

  /** @private */
  async attempt() {
    clearTimeout(this.timer);
    this.state.value = 'connecting';
    try {
      const { url } = this.ticket ?? (await this.renew());
      this.ticket = null;
      if (this.stopped) return;
      await begin(url);
      const Hls = hasMediaSource() ? (await import('hls.js')).default : null;
      if (this.stopped) return;
      this.source.value = { attach: (video) => (Hls ? this.play(Hls, video, url) : this.playNatively(video, url)) };
    } catch (error) {
      this.failed(error);
    }
  }

  /** @private */
  get stopped() {
    return this.state.value === 'stopped';
  }

  /**
   * @private
   * @param {typeof import('hls.js').default} Hls
   * @param {HTMLVideoElement} video
   * @param {string} url
   */
  play(Hls, video, url) {
    const hls = new Hls({
      lowLatencyMode: true,
      enableWorker: false, // nothing is transmuxed, and the page's policy allows no worker
      maxLiveSyncPlaybackRate: CATCH_UP,
      liveSyncOnStallIncrease: AFTER_A_STALL,
      backBufferLength: 10,
    });
    hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && this.lost(details));
    hls.loadSource(url);
    hls.attachMedia(video);
    const forget = this.listen(video);
    return () => {
      forget();
      hls.destroy();
    };
  }

  /** @private @param {HTMLVideoElement} video @param {string} url */
  playNatively(video, url) {
    const onError = () => this.lost(video.error?.message ?? '');
    video.addEventListener('error', onError);
    video.src = url;
    const forget = this.listen(video);
    return () => {
      forget();
      video.removeEventListener('error', onError);
      video.removeAttribute('src');
      video.load();
    };
  }

  /** @private @param {HTMLVideoElement} video */
  listen(video) {
    const onPlaying = () => {
      if (this.stopped) return;
      this.attempts = 0;
      this.error.value = null;
      this.state.value = 'live';
    };
    video.addEventListener('playing', onPlaying);
    return () => video.removeEventListener('playing', onPlaying);
  }

  /** @private @param {string} why */
  lost(why) {
    if (this.state.value === 'retrying') return;
    this.failed(new ApiError(UNDECODABLE.has(why) ? 'media.codec_unsupported' : 'media.lost', why));
  }

  /** @private @param {unknown} reason */
  failed(reason) {
    if (this.stopped) return;
    const error = reason instanceof ApiError ? reason : new ApiError('unexpected', String(reason));
    this.error.value = error;
    this.source.value = null;
    if (FINAL.has(error.code)) {
      this.state.value = 'stopped';
      return;
    }
    this.state.value = 'retrying';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.attempt(), backoff(this.attempts, Math.random()));
    this.attempts += 1;
  }
}

/**
 * The first request begins the stream and is answered when there is something to play; a refusal says
 * why there is none, which players would not tell.
 *
 * @param {string} url
 */
async function begin(url) {
  const response = await reach(url, { signal: AbortSignal.timeout(BEGIN_WITHIN) });
  if (!response.ok) throw await toError(response);
}

function hasMediaSource() {
  return 'MediaSource' in globalThis || 'ManagedMediaSource' in globalThis;
}
