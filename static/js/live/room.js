/** A live's room: its socket, and the live as the server last told it. */
import { computed, signal } from '@preact/signals';
import { ApiError, api } from '../api.js';
import { errorText } from '../i18n.js';
import { Moderation } from '../moderation/moderation.js';
import { RoomSocket } from '../socket.js';
import { toast } from '../ui/toast.js';

/**
 * @typedef {import('../types.js').Live} Live
 * @typedef {import('../types.js').Ticket} Ticket
 */

const OVER = new Set(['live.ended', 'live.unknown']);
const OUT = new Set(['room.removed', 'room.banned', 'room.network_banned']);

export class LiveRoom {
  /** @param {Live} live */
  constructor(live) {
    this.live = signal(live);
    /** @private */
    this.over = false;
    this.socket = new RoomSocket(`live/${live.id}`);
    this.moderation = new Moderation(this.socket);
    /** A moderator sent this person away, and the media with them. */
    this.shownOut = computed(() => OUT.has(this.socket.refusal.value?.code ?? ''));
    /** Who is asked onto the stage, and who is seen where. @type {import('@preact/signals').Signal<import('../types.js').StageState>} */
    this.stage = signal({ guests: [], places: [] });
    /** Oneself among them. */
    this.guest = computed(() => this.stage.value.guests.find(({ id }) => id === this.socket.you.value?.id) ?? null);
    this.socket.on('joined', ({ stage }) => stage && (this.stage.value = stage));
    this.socket.on('stage', ({ stage }) => (this.stage.value = stage));
    this.socket.on('joined', (message) => this.told(message.live));
    this.socket.on('live', (message) => this.told(message.live));
    this.socket.on('ended', ({ code }) => OVER.has(code) && void this.ended());
    this.socket.on('error', () => OVER.has(this.socket.refusal.value?.code ?? '') && void this.ended());
  }

  open() {
    this.socket.connect();
    return () => this.socket.close();
  }

  /** For the host. @returns {Promise<Ticket>} */
  publishTicket() {
    return api.post(`/api/lives/${this.live.value.id}/tickets`, { role: 'publish' });
  }

  /** As the server says now, not as the room last heard. @returns {Promise<boolean>} */
  async isOnAir() {
    return (await api.get(`/api/lives/${this.live.value.id}`)).live.state === 'on_air';
  }

  /**
   * For anyone, while there is something to watch.
   *
   * @param {'webrtc' | 'hls'} [via]  how one watches already, or must
   * @returns {Promise<Ticket>}
   */
  async watchTicket(via) {
    if (this.live.value.state !== 'on_air') throw new ApiError('media.no_publication', '');
    return api.post(`/api/lives/${this.live.value.id}/tickets`, { role: 'watch', ...(via && { via }) });
  }

  /** For whoever said yes to the stage. @returns {Promise<Ticket>} */
  guestTicket() {
    return api.post(`/api/lives/${this.live.value.id}/tickets`, { role: 'guest' });
  }

  /** Whether we are seen there, from whichever tab. */
  isOnStage() {
    return this.stage.value.places.includes(this.socket.you.value?.id ?? '');
  }

  /** By the host. @param {import('../types.js').PersonRef} person */
  invite(person) {
    this.act({ type: 'stage_invite', person: person.id });
  }

  /** @param {boolean} accept */
  answer(accept) {
    this.act({ type: 'stage_answer', accept });
  }

  /** Whether somebody is heard beside the host. @param {string} person */
  isHeard(person) {
    const { guests, places } = this.stage.value;
    return places.includes(person) && guests.some(({ id, muted }) => id === person && !muted);
  }

  /** By a guest, of their own microphone. @param {boolean} muted */
  muteMyself(muted) {
    this.act({ type: 'stage_mute', muted });
  }

  /** By the host for anybody, by a guest for themselves. @param {string} person */
  endStage(person) {
    this.act({ type: 'stage_end', person });
  }

  /** @private @param {{type: string, [field: string]: unknown}} message */
  act(message) {
    const refused = (/** @type {unknown} */ error) => toast(errorText(error), { kind: 'error' });
    if (!this.socket.send(message, refused)) refused({ code: 'network', message: '' });
  }

  /** By the host: over for everybody. */
  async end() {
    await api.delete(`/api/lives/${this.live.value.id}`);
    await this.ended();
  }

  /** @private @param {Live | null} live */
  told(live) {
    if (live) this.live.value = { ...this.live.value, ...live };
    if (live?.state === 'ended') void this.ended();
  }

  /** Over: the farewell figures are the row's. @private */
  async ended() {
    if (this.over) return;
    this.over = true;
    this.live.value = { ...this.live.value, state: 'ended' };
    const body = await api.get(`/api/lives/${this.live.value.id}`).catch(() => null);
    if (body) this.live.value = { ...body.live, state: 'ended' };
  }
}
