/**
 * One RTCPeerConnection of the voice room, from its only offer to its end: a microphone m-line, then
 * the slots. It is never renegotiated; a lost one is thrown away and another one made.
 */

import { Flow, bytesReceived } from './media/flow.js';
import { beginRestart, finishRestart } from './media/restart.js';
import { offerWithRepair } from './media/sound.js';

/** `disconnected` often heals by itself; after this many ms it counts as lost. */
const HEAL = 2_000;

/** ICE and DTLS take well under a second; this long is never. */
const CONNECT = 10_000;

/** How often (ms) it is looked whether anything arrives: the server says something within 750 ms. */
const SAMPLE = 250;

/** How long (ms) an ICE restart, or the WebSocket that comes back, has to help. */
const STALLED = 3_000;

/** @typedef {import('./voice-session.js').Clock} Clock */

export class VoiceConnection {
  #timer = /** @type {unknown} */ (null);
  #sampling = /** @type {unknown} */ (null);
  /** Of the loop that samples; an older one ends. */ #round = 0;
  #closed = false;
  /** Its node serves it until it has gone. */ lingers = true;
  /** @type {RTCRtpTransceiver | null} */ #microphone = null;
  onconnected = () => {};
  /** Nothing arrives any more: the way there may be gone. */
  onfaint = () => {};
  onlost = () => {};

  /**
   * @param {RTCPeerConnection} pc
   * @param {import('./voice-outputs.js').VoiceOutputs} outputs
   * @param {Clock} clock
   */
  constructor(pc, outputs, clock) {
    this.pc = pc;
    this.outputs = outputs;
    this.clock = clock;
    pc.addEventListener('connectionstatechange', () => this.#changed());
  }

  /** What is asked of the server. @param {MediaStreamTrack | null} track @param {number} slots */
  async request(track, slots) {
    return { type: 'voice_offer', sdp: await this.offer(track, slots) };
  }

  /** The server stops what it forwards, and is told by whoever mutes. */
  mute() {}

  /**
   * The offer's SDP. The server is ICE-lite and learns our address from our own checks, so there are
   * no candidates to wait for. Without a track (nothing to record with) the m-line is there all the
   * same, and silent.
   * @param {MediaStreamTrack | null} track
   * @param {number} slots
   */
  async offer(track, slots) {
    this.#microphone = this.pc.addTransceiver(track ?? 'audio', { direction: 'sendonly' });
    for (let slot = 0; slot < slots; slot += 1) {
      const { receiver } = this.pc.addTransceiver('audio', { direction: 'recvonly' });
      this.outputs.attach(slot, receiver.track);
    }
    return offerWithRepair(this.pc);
  }

  /** @param {{sdp: string}} answer */
  async accept({ sdp }) {
    this.#arm(CONNECT);
    await this.pc.setRemoteDescription({ type: 'answer', sdp });
  }

  /** New ICE credentials, as a fragment for the server; empty while others are under way. */
  async restart() {
    return this.#closed || this.pc.signalingState !== 'stable' ? '' : beginRestart(this.pc);
  }

  /** @param {string} fragment  the server's */
  async restarted(fragment) {
    if (!this.#closed && this.pc.signalingState === 'have-local-offer') await finishRestart(this.pc, fragment);
  }

  /** Another microphone, without a word to the server. @param {MediaStreamTrack | null} track */
  async replaceTrack(track) {
    await this.#microphone?.sender.replaceTrack(track);
  }

  /** Whether it still carries, or may heal. */
  get alive() {
    return !this.#closed && !['failed', 'closed', 'disconnected'].includes(this.pc.connectionState);
  }

  close() {
    this.#closed = true;
    this.#disarm();
    this.clock.cancel(this.#sampling);
    this.pc.close();
  }

  #changed() {
    if (this.#closed) return;
    const state = this.pc.connectionState;
    if (state === 'connected') {
      this.#disarm();
      this.clock.cancel(this.#sampling);
      this.#round += 1;
      this.#guard(new Flow(this.clock.now()));
      this.onconnected();
    } else if (state === 'failed' || state === 'closed') {
      this.#lose();
    } else if (state === 'disconnected') {
      this.#arm(HEAL);
    }
  }

  /** @param {Flow} flow @param {number | null} [since]  when it fell silent (ms) */
  #guard(flow, since = null) {
    const round = this.#round;
    this.#sampling = this.clock.after(SAMPLE, async () => {
      const bytes = await bytesReceived(this.pc);
      if (this.#closed || this.#round !== round) return;
      const now = this.clock.now();
      if (flow.sample(bytes, now) < flow.faintAfter) return this.#guard(flow);
      if (since !== null && now - since >= STALLED) return this.#lose();
      if (since === null) this.onfaint();
      this.#guard(flow, since ?? now);
    });
  }

  /** @param {number} ms */
  #arm(ms) {
    this.#disarm();
    this.#timer = this.clock.after(ms, () => this.#lose());
  }

  #disarm() {
    if (this.#timer !== null) this.clock.cancel(this.#timer);
    this.#timer = null;
  }

  #lose() {
    if (this.#closed) return;
    this.close();
    this.onlost();
  }
}
