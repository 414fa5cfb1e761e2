/**
 * A connection to a media server elsewhere that stays. Its own client library restarts ICE and resumes;
 * when that gives up, another ticket is asked for, after the same back-off as the WebSocket. Knows no
 * library: `side.join` does.
 */
import { signal } from '@preact/signals-core';
import { ApiError } from '../api.js';
import { backoff } from '../backoff.js';
import { EARLY, FINAL } from './verdicts.js';

/**
 * @typedef {import('../types.js').Ticket} Ticket
 * @typedef {import('../media.js').MediaState} MediaState
 *
 * @typedef {object} News  what a side tells of the connection that it made; of an older one nobody listens
 * @property {() => void} flows
 * @property {() => void} waits  connected, and there is nothing to watch
 * @property {(faint: boolean) => void} faint
 * @property {(error: unknown) => void} lost
 *
 * @typedef {{leave: () => Promise<void>}} Held
 */

/** @template {Held} H */
export class RemoteLink {
  /**
   * @param {Ticket} ticket  for the first attempt
   * @param {() => Promise<Ticket>} renew  for the later ones
   * @param {(ticket: Ticket, news: News) => Promise<H>} join
   */
  constructor(ticket, renew, join) {
    /** @type {import('@preact/signals-core').Signal<MediaState>} */
    this.state = signal(/** @type {MediaState} */ ('connecting'));
    /** @type {import('@preact/signals-core').Signal<ApiError | null>} */
    this.error = signal(/** @type {ApiError | null} */ (null));
    this.faint = signal(false);
    /** The connection of now. @type {H | null} */
    this.held = null;
    /** @private @type {Ticket | null} */
    this.ticket = ticket;
    /** @private */
    this.renew = renew;
    /** @private */
    this.join = join;
    /** @private */
    this.attempts = 0;
    /** Later attempts outdate what earlier ones still wait for, and say. @private */
    this.epoch = 0;
    /** @private */
    this.trying = false;
    /** @private @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @private */
    this.onPageHide = () => void this.hangUp();
    /** @private The browser kept the page (back/forward cache) and brings it back. */
    this.onPageShow = (/** @type {PageTransitionEvent} */ { persisted }) => persisted && this.check();
    globalThis.addEventListener?.('pagehide', this.onPageHide);
    globalThis.addEventListener?.('pageshow', this.onPageShow);
    void this.attempt();
  }

  /** The network, the page or the live is back: do not wait any longer. A connection looks after itself. */
  check() {
    if (this.state.value === 'stopped' || this.held || this.trying) return;
    this.attempts = 0;
    void this.attempt();
  }

  async leave() {
    globalThis.removeEventListener?.('pagehide', this.onPageHide);
    globalThis.removeEventListener?.('pageshow', this.onPageShow);
    this.state.value = 'stopped';
    await this.hangUp();
  }

  /** Somebody else sends now. */
  giveWay() {
    if (this.state.value !== 'stopped') this.failed(new ApiError('media.replaced', ''));
  }

  /** Start again after having stopped. */
  resume() {
    if (this.state.value !== 'stopped') return;
    this.state.value = 'connecting';
    this.error.value = null;
    this.attempts = 0;
    void this.attempt();
  }

  /** @private */
  async attempt() {
    clearTimeout(this.timer);
    this.epoch += 1;
    this.trying = true;
    const { epoch } = this;
    try {
      const ticket = this.ticket ?? (await this.renew());
      this.ticket = null; // a ticket is for one attempt
      if (this.epoch !== epoch) return;
      const held = await this.join(ticket, this.listener(epoch));
      if (this.epoch !== epoch) return void held.leave();
      this.held = held;
      this.trying = false;
    } catch (error) {
      if (this.epoch === epoch) this.failed(error);
    }
  }

  /** @private @param {number} epoch @returns {News} */
  listener(epoch) {
    const current = () => this.epoch === epoch;
    return {
      flows: () => {
        if (!current()) return;
        this.attempts = 0;
        this.error.value = null;
        this.state.value = 'live';
      },
      waits: () => {
        if (current()) this.state.value = 'waiting';
      },
      faint: (faint) => {
        if (current()) this.faint.value = faint;
      },
      lost: (error) => {
        if (current()) this.failed(error);
      },
    };
  }

  /** @private @param {unknown} reason */
  failed(reason) {
    const error = reason instanceof ApiError ? reason : new ApiError('media.lost', String(reason));
    void this.hangUp();
    this.error.value = error;
    if (FINAL.has(error.code)) {
      this.state.value = 'stopped';
      return;
    }
    this.state.value = EARLY.has(error.code) ? 'waiting' : 'retrying';
    this.timer = setTimeout(() => this.attempt(), backoff(this.attempts, Math.random()));
    this.attempts += 1;
  }

  /** @private */
  async hangUp() {
    this.epoch += 1;
    clearTimeout(this.timer);
    const { held } = this;
    this.held = null;
    this.trying = false;
    this.faint.value = false;
    await held?.leave();
  }
}
