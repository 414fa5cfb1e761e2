/**
 * What comes of the people of a live: one stream each, which tracks come into and go from. The host's
 * is the source, all others are guests, by person. The last picture of a former connection stays
 * until the new one brings something.
 */
import { signal } from '@preact/signals-core';

/** @typedef {import('./remote-link.js').News} News */

export class Received {
  /** @type {Map<string, MediaStream>} by identity */ #streams = new Map();
  /** @type {string | null} */ #host = null;
  /** @type {News | null} */ #news = null;

  constructor() {
    this.source = signal(/** @type {import('../media.js').Source | null} */ (null));
    this.guests = signal(/** @type {import('../media.js').Guests} */ (() => undefined));
  }

  /** Of a new connection. @param {News} news */
  begin(news) {
    this.#streams = new Map();
    this.#host = null;
    this.#news = news;
  }

  /** It is connected; whoever sends nothing yet is waited for. */
  settle() {
    if (!this.#host) this.#news?.waits();
  }

  /** @param {string} identity @param {boolean} host @param {MediaStreamTrack} track */
  add(identity, host, track) {
    const known = this.#streams.get(identity);
    known?.addTrack(track);
    const stream = known ?? new MediaStream([track]);
    this.#streams.set(identity, stream);
    if (host && this.#host !== identity) {
      this.#host = identity;
      this.source.value = { attach: (video) => show(video, stream) };
    }
    if (host) this.#news?.flows();
    this.#tell();
  }

  /** @param {string} identity @param {MediaStreamTrack} track */
  remove(identity, track) {
    const stream = this.#streams.get(identity);
    stream?.removeTrack(track);
    if (!stream || stream.getTracks().length > 0) return;
    this.#streams.delete(identity);
    if (this.#host === identity) {
      this.#host = null;
      this.#news?.waits();
    }
    this.#tell();
  }

  #tell() {
    const streams = new Map([...this.#streams].map(([identity, stream]) => [identity.split(':', 1)[0], stream]));
    if (this.#host) streams.delete(this.#host.split(':', 1)[0]);
    this.guests.value = (_, person) => streams.get(person);
  }
}

/** @param {HTMLVideoElement} video @param {MediaStream} stream */
function show(video, stream) {
  video.srcObject = stream;
  return () => {};
}
