/**
 * One WHIP or WHEP connection that stays: when nothing arrives any more it restarts ICE, which is all
 * that another network needs; when it fails, stays still or the server restarts, it makes a new offer
 * with a new ticket, after the same back-off as the WebSocket.
 */
import { signal } from '@preact/signals-core';
import { ApiError } from '../api.js';
import { backoff } from '../backoff.js';
import { isReplaced } from './contest.js';
import { Flow, bytesReceived } from './flow.js';
import { beginRestart, finishRestart } from './restart.js';
import { offerWithRepair } from './sound.js';
import { EARLY, FINAL } from './verdicts.js';
import { negotiate, patch, release } from './whip.js';

const CONNECT_WITHIN = 8000; // ms from the answer to `connected`
const SAMPLE_EVERY = 250;
const STALLED_AFTER = 3000; // ms that an ICE restart has to help
const ASK_AGAIN_AFTER = 100;
const FALLS_KEPT = 8;
const YOUNG = 3000; // ms; an attempt under way that may still come to something
const CHECK_FOR = 900; // ms; media that flows moves well within it
const HAND_OVER = 1500; // ms that a sender goes on for those who have yet to move

/**
 * @typedef {import('../types.js').Ticket} Ticket
 * @typedef {import('../media.js').MediaState} MediaState
 */

export class MediaLink {
  /**
   * @param {Ticket} ticket  for the first attempt
   * @param {() => Promise<Ticket>} renew  for the later ones
   * @param {{build: (pc: RTCPeerConnection) => void, up?: (pc: RTCPeerConnection) => void, linger?: boolean,
   *   isOnAir?: () => Promise<boolean>}} side
   *   `build` adds the transceivers; `up` is told that media may flow; `linger` keeps a dead
   *   connection, and with it the last picture on the screen, until there is a new one; `isOnAir`
   *   makes the link give way when somebody else took its place (one sender a live)
   */
  constructor(ticket, renew, side) {
    /** @type {import('@preact/signals-core').Signal<MediaState>} */
    this.state = signal(/** @type {MediaState} */ ('connecting'));
    /** The last thing that went wrong; null once media flows. @type {import('@preact/signals-core').Signal<ApiError | null>} */
    this.error = signal(/** @type {ApiError | null} */ (null));
    /** @type {RTCPeerConnection | null} */
    this.pc = null;
    /** @private @type {RTCPeerConnection | null} */
    this.lingering = null;
    /** @private @type {Ticket | null} */
    this.ticket = ticket;
    /** @private */
    this.renew = renew;
    /** @private */
    this.side = side;
    /** @private @type {{ticket: Ticket, resource: string} | null} */
    this.held = null;
    /** The answer to the last goodbye. @private @type {Promise<number | null>} */
    this.released = Promise.resolve(null);
    /** Whether media fell silent, and ICE is being restarted. */
    this.faint = signal(false);
    /** Since when (ms). @private @type {{since: number} | null} */
    this.aid = null;
    /** When the connection fell (ms), the latest ones. @private @type {number[]} */
    this.falls = [];
    /** @private */
    this.attempts = 0;
    /** When the attempt under way began (ms); null without one. @private @type {number | null} */
    this.tryingSince = null;
    /** Later attempts outdate what earlier ones still wait for. @private */
    this.epoch = 0;
    /** @private @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @private */
    this.onPageHide = () => void this.hangUp();
    /** @private The browser kept the page (back/forward cache) and brings it back. */
    this.onPageShow = (/** @type {PageTransitionEvent} */ { persisted }) => persisted && this.restart();
    globalThis.addEventListener?.('pagehide', this.onPageHide);
    globalThis.addEventListener?.('pageshow', this.onPageShow);
    void this.attempt();
  }

  /**
   * Find out now whether media flows; when it does not, start over without waiting for the watchdog,
   * unless it restarts ICE already: after a move the WebSocket is often back sooner than media.
   */
  async check() {
    const { pc, epoch } = this;
    if (this.state.value === 'stopped') return;
    if (this.state.value !== 'live' || !pc) return void this.restart();
    const before = await bytesReceived(pc);
    await new Promise((resolve) => setTimeout(resolve, CHECK_FOR));
    if (this.epoch !== epoch || this.pc !== pc) return;
    if (!this.aid && (await bytesReceived(pc)) === before) this.restart();
  }

  /**
   * To another node, which has the room now: a new connection beside the one that carries, whose
   * goodbye is left to its node. Nobody took our place, so what fell before does not count.
   */
  move() {
    if (this.state.value !== 'live' || !this.pc) return this.restart();
    this.epoch += 1;
    clearTimeout(this.timer);
    this.pc.onconnectionstatechange = null;
    this.forget();
    this.lingering = this.pc;
    this.pc = this.held = this.aid = null;
    this.faint.value = false;
    this.falls = [];
    this.attempts = 0;
    this.state.value = 'retrying';
    void this.attempt();
  }

  async leave() {
    globalThis.removeEventListener?.('pagehide', this.onPageHide);
    globalThis.removeEventListener?.('pageshow', this.onPageShow);
    this.state.value = 'stopped';
    const gone = this.hangUp();
    this.forget();
    await gone;
  }

  /** Somebody else sends now: stop, without a word to the server. */
  giveWay() {
    if (this.state.value === 'stopped') return;
    this.held = null;
    this.failed(new ApiError('media.replaced', ''));
  }

  /** Start again after having stopped. */
  resume() {
    if (this.state.value !== 'stopped') return;
    this.state.value = 'connecting';
    this.error.value = null;
    this.falls = [];
    this.attempts = 0;
    this.ticket = null;
    void this.attempt();
  }

  /** @private */
  restart() {
    if (this.state.value === 'stopped') return;
    this.attempts = 0;
    if (this.tryingSince !== null && Date.now() - this.tryingSince < YOUNG) return;
    void this.hangUp();
    if (this.state.value === 'live') this.state.value = 'retrying';
    void this.attempt();
  }

  /** @private */
  async attempt() {
    this.epoch += 1;
    const epoch = this.epoch;
    this.tryingSince = Date.now();
    try {
      if (this.falls.length > 0 && (await this.isReplaced())) throw new ApiError('media.replaced', '');
      if (this.epoch !== epoch) return;
      const ticket = this.ticket ?? (await this.renew());
      this.ticket = null; // a ticket is for one attempt
      if (this.epoch !== epoch) return;
      await this.connect(ticket, epoch);
    } catch (error) {
      if (this.epoch === epoch) this.failed(error);
    }
  }

  /** @private */
  async isReplaced() {
    const { side, falls } = this;
    if (!side.isOnAir) return false;
    const released = await this.released;
    const onAir = await side.isOnAir().catch(() => false);
    return isReplaced({ onAir, released, falls, now: Date.now() });
  }

  /** @private @param {Ticket} ticket @param {number} epoch */
  async connect(ticket, epoch) {
    const pc = new RTCPeerConnection({ iceServers: ticket.ice_servers });
    this.pc = pc;
    pc.onconnectionstatechange = () => this.pc === pc && this.moved(pc);
    this.side.build(pc);
    const { answer, resource } = await negotiate(ticket, await offerWithRepair(pc));
    if (this.epoch !== epoch) return void release(ticket, resource);
    this.held = { ticket, resource };
    await pc.setRemoteDescription({ type: 'answer', sdp: answer });
    if (this.epoch !== epoch || pc.connectionState === 'connected') return;
    this.wait(CONNECT_WITHIN, () => this.failed(new ApiError('media.timeout', '')));
  }

  /** @private @param {RTCPeerConnection} pc */
  moved(pc) {
    if (pc.connectionState === 'failed') this.failed(new ApiError('media.lost', ''));
    if (pc.connectionState !== 'connected' || this.state.value === 'live') return;
    this.attempts = 0;
    this.tryingSince = null;
    this.error.value = null;
    this.state.value = 'live';
    this.side.up?.(pc);
    this.handOver();
    this.guard(pc, new Flow(Date.now()));
  }

  /**
   * Look often; ICE itself takes many seconds to notice that a network changed or a server died.
   *
   * @private
   * @param {RTCPeerConnection} pc
   * @param {Flow} flow
   */
  guard(pc, flow) {
    this.wait(SAMPLE_EVERY, async () => {
      const bytes = await bytesReceived(pc);
      if (this.pc !== pc || this.state.value !== 'live') return;
      const now = Date.now();
      this.faint.value = flow.sample(bytes, now) >= flow.faintAfter;
      if (!this.faint.value) this.aid = null;
      else if (!this.aid) void this.restartIce((this.aid = { since: now }));
      else if (now - this.aid.since >= STALLED_AFTER) return this.failed(new ApiError('media.lost', ''));
      this.guard(pc, flow);
    });
  }

  /**
   * Another way to the same server, under the same keys. While one network goes and the next one comes,
   * requests get lost too: they are sent again until `guard` has had enough.
   *
   * @private
   * @param {{since: number}} aid
   */
  async restartIce(aid) {
    const { pc, held, epoch } = this;
    const outdated = () => this.epoch !== epoch || this.pc !== pc;
    if (!pc || !held || pc.signalingState !== 'stable') return;
    const fragment = await beginRestart(pc);
    while (!outdated()) {
      try {
        const answer = await patch(held.ticket, held.resource, fragment);
        if (outdated()) return;
        aid.since = Date.now();
        return await finishRestart(pc, answer);
      } catch (error) {
        if (outdated()) return;
        if (!(error instanceof ApiError) || error.code !== 'network') return this.restart();
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_AFTER));
    }
  }

  /** @private @param {unknown} reason */
  failed(reason) {
    const error = reason instanceof ApiError ? reason : new ApiError('unexpected', String(reason));
    void this.hangUp();
    this.error.value = error;
    if (FINAL.has(error.code)) {
      this.state.value = 'stopped';
      return;
    }
    this.state.value = EARLY.has(error.code) ? 'waiting' : 'retrying';
    this.wait(backoff(this.attempts, Math.random()), () => this.attempt());
    this.attempts += 1;
  }

  /** @private */
  async hangUp() {
    this.epoch += 1;
    clearTimeout(this.timer);
    const { pc, held } = this;
    this.pc = this.held = this.aid = this.tryingSince = null;
    this.faint.value = false;
    if (pc) this.retire(pc);
    if (!held) return;
    this.falls = [...this.falls, Date.now()].slice(-FALLS_KEPT);
    this.released = release(held.ticket, held.resource);
    await this.released;
  }

  /** @private @param {RTCPeerConnection} pc */
  retire(pc) {
    pc.onconnectionstatechange = null;
    if (this.side.linger && !this.lingering) this.lingering = pc;
    else pc.close();
  }

  /** @private A viewer has another picture; a sender's viewers may not have it yet. */
  handOver() {
    if (this.side.linger || !this.lingering) return this.forget();
    const former = this.lingering;
    setTimeout(() => this.lingering === former && this.forget(), HAND_OVER);
  }

  /** @private */
  forget() {
    this.lingering?.close();
    this.lingering = null;
  }

  /** @private @param {number} ms @param {() => void} then */
  wait(ms, then) {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, ms);
  }
}
