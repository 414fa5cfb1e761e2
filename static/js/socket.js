/**
 * One WebSocket in one room, for as long as the view lives: it joins, keeps alive, comes back by
 * itself and rejoins with the same identity (the cookie). See wagu/realtime/PROTOCOL.md.
 */
import { signal } from '@preact/signals-core';
import { backoff } from './backoff.js';
import { ChatLog } from './chat-log.js';
import { Liveness, PONG_WITHIN, PROOF_WITHIN } from './connection.js';

/**
 * @typedef {{type: string, n?: number, [field: string]: any}} Message
 * @typedef {{code: string, message: string}} Refusal
 * @typedef {'connecting' | 'open' | 'retrying' | 'closed'} SocketState
 * @typedef {{open: (url: string) => WebSocket, random: () => number, url: string, askSession: () => Promise<void>}} Wire
 */

/** @returns {Wire} */
function browserWire() {
  const { protocol, host } = window.location;
  return {
    open: (url) => new WebSocket(url),
    random: Math.random,
    url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`,
    askSession: async () => (await import('./session.js')).loadSession(),
  };
}

/** What a `join` cannot get past by trying again; anything else (the store, a bug, a busy server) it may. */
const FINAL = new Set([
  'share_map.unknown', 'share_map.expired', 'share_map.ended', 'share_map.account_required',
  'live.unknown', 'live.ended', 'auth.required', 'room.full', 'room.banned', 'room.network_banned',
]);

/** The close codes of a socket whose session has ended, and of one whose room is on another node now. */
const SIGNED_OUT = 4001;
const MOVED = 1012;

const WAKES = /** @type {const} */ (['online', 'offline', 'pageshow', 'visibilitychange']);

export class RoomSocket {
  /**
   * @param {string} room  `map/<id>` or `live/<id>`
   * @param {Wire} [wire]
   */
  constructor(room, wire = browserWire()) {
    this.room = room;
    this.wire = wire;
    /** `open` means joined. @type {import('@preact/signals-core').Signal<SocketState>} */
    this.state = signal(/** @type {SocketState} */ ('closed'));
    /** When the next attempt is due (ms), while `retrying`. */
    this.retryAt = signal(0);
    /** Who the server says we are in this room. @type {import('@preact/signals-core').Signal<import('./types.js').Joined['you'] | null>} */
    this.you = signal(null);
    /** Why the room did not let us in, or is over; the socket is closed then. @type {import('@preact/signals-core').Signal<Refusal | null>} */
    this.refusal = signal(null);
    /** Through which media may go where nothing else is let through; as of the last `joined`. @type {import('./types.js').IceServer[]} */
    this.iceServers = [];
    this.chat = new ChatLog();

    /** @private @type {Map<string, Set<(message: any) => void>>} */
    this.listeners = new Map();
    /** @private @type {Map<number, {failed: (error: Refusal) => void, done?: () => void}>} */
    this.awaited = new Map();
    /** @private @type {WebSocket | null} */
    this.ws = null;
    /** @private */
    this.attempt = 0;
    /** @private */
    this.n = 0;
    /** @private */
    this.joinN = 0;
    /** @private @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @private */
    this.liveness = new Liveness(0);
    /** @private */
    this.wake = () => this.onWake();
  }

  /** Start, or start again after a refusal (e.g. once there is a session). */
  connect() {
    for (const name of WAKES) globalThis.addEventListener?.(name, this.wake);
    this.refusal.value = null;
    this.attempt = 0;
    this.open('connecting');
    return this;
  }

  /** Come back at once: the identity changed, or the person is tired of waiting. */
  reconnect() {
    this.connect();
  }

  /** Media fell silent: when the way to the server is gone, find out soon. */
  doubt() {
    if (this.state.value === 'open') this.ping(PROOF_WITHIN);
  }

  /** Leave for good. */
  close() {
    for (const name of WAKES) globalThis.removeEventListener?.(name, this.wake);
    this.write({ type: 'leave' });
    this.drop(1000);
    this.state.value = 'closed';
  }

  /**
   * Listen to messages of one type; `moved` is one of our own: the room is on another node.
   *
   * @param {string} type
   * @param {(message: any) => void} fn
   * @returns {() => void} stops listening
   */
  on(type, fn) {
    const set = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, set.add(fn));
    return () => void set.delete(fn);
  }

  /**
   * Send while joined.
   *
   * @param {Message} message
   * @param {(error: Refusal) => void} [onError]  when the server answers with an error
   * @param {() => void} [onDone]  when it confirms, which it does for moderation
   * @returns {boolean} whether it went out
   */
  send(message, onError, onDone) {
    if (this.state.value !== 'open') return false;
    if (!onError) return this.write(message);
    this.n += 1;
    this.awaited.set(this.n, { failed: onError, done: onDone });
    if (this.awaited.size > 256) this.awaited.delete(this.awaited.keys().next().value ?? 0);
    return this.write({ ...message, n: this.n });
  }

  /** Say something; it is shown at once and resent after a lost connection. @param {string} text */
  say(text) {
    const you = this.you.value;
    if (!you || !text.trim()) return;
    const nonce = Math.floor(this.wire.random() * 2 ** 52).toString(36);
    this.chat.write(nonce, { id: you.id, name: you.name }, text.trim(), Date.now());
    this.sendChat(nonce, text.trim());
  }

  /** Say a refused line again. @param {string} nonce */
  sayAgain(nonce) {
    const line = this.chat.lines.value.find((l) => l.nonce === nonce);
    if (!line) return;
    this.chat.retry(nonce);
    this.sendChat(nonce, line.text);
  }

  /** @private @param {string} nonce @param {string} text */
  sendChat(nonce, text) {
    this.send({ type: 'chat', text, nonce }, (error) => this.chat.fail(nonce, error));
  }

  /** @private @param {SocketState} state */
  open(state) {
    this.drop(1000);
    this.state.value = state;
    const ws = this.wire.open(this.wire.url);
    this.ws = ws;
    this.liveness = new Liveness(Date.now());
    this.liveness.asked(Date.now()); // an upgrade that hangs is a lost connection, too
    ws.onopen = () => {
      this.n += 1;
      this.joinN = this.n;
      this.write({ type: 'join', room: this.room, n: this.n });
      this.liveness.asked(Date.now());
    };
    ws.onmessage = (event) => this.ws === ws && this.receive(event.data);
    ws.onclose = ({ code }) => {
      if (this.ws !== ws) return;
      if (code === SIGNED_OUT) return void this.signedOut();
      if (code === MOVED) this.tell({ type: 'moved' });
      this.lost();
    };
    this.watch();
  }

  /** @private @param {Message} message */
  write(message) {
    if (this.ws?.readyState !== 1) return false;
    this.ws.send(JSON.stringify(message));
    this.liveness.sent(Date.now());
    return true;
  }

  /** @private @param {string} data */
  receive(data) {
    this.liveness.heard();
    /** @type {Message} */
    const message = JSON.parse(data);
    if (message.type === 'joined') this.joined(/** @type {any} */ (message));
    else if (message.type === 'chatted') this.chat.add(message.chat, message.nonce);
    else if (message.type === 'chat_deleted') this.chat.remove(message.id);
    else if (message.type === 'moderated') this.confirmed(message.n);
    else if (message.type === 'ended') this.over({ code: message.code, message: message.message });
    else if (message.type === 'error') this.refused(/** @type {any} */ (message));
    this.tell(message);
  }

  /** Also of what is known otherwise than from the server. @param {any} message */
  tell(message) {
    for (const fn of [...(this.listeners.get(message.type) ?? [])]) fn(message);
  }

  /** @private @param {import('./types.js').Joined} message */
  joined(message) {
    this.attempt = 0;
    this.you.value = message.you;
    this.iceServers = message.ice_servers;
    this.chat.replace(message.chat);
    this.state.value = 'open';
    for (const line of this.chat.unsent()) this.sendChat(line.nonce ?? '', line.text);
  }

  /** @private @param {Refusal & {n?: number}} error */
  refused({ n, code, message }) {
    if (n !== undefined && n === this.joinN) return FINAL.has(code) ? this.over({ code, message }) : this.lost();
    const answer = n === undefined ? undefined : this.awaited.get(n);
    this.awaited.delete(n ?? 0);
    answer?.failed({ code, message });
  }

  /** @private @param {number} [n] */
  confirmed(n = 0) {
    this.awaited.get(n)?.done?.();
    this.awaited.delete(n);
  }

  /** @private @param {Refusal} why */
  over(why) {
    this.refusal.value = why;
    this.close();
  }

  /** Ask who we are before coming back: the view may want a name, or a log-in, first. @private */
  async signedOut() {
    this.drop();
    this.state.value = 'connecting';
    await this.wire.askSession().catch(() => {});
    if (this.state.value === 'connecting' && !this.ws) this.open('connecting');
  }

  /** @private */
  lost() {
    this.drop();
    const wait = backoff(this.attempt, this.wire.random());
    this.attempt += 1;
    this.retryAt.value = Date.now() + wait;
    this.state.value = 'retrying';
    this.timer = setTimeout(() => this.open('retrying'), wait);
  }

  /** @private @param {number} [code] */
  drop(code) {
    clearTimeout(this.timer);
    const ws = this.ws;
    this.ws = null;
    this.awaited.clear();
    if (!ws) return;
    ws.onopen = ws.onmessage = ws.onclose = null;
    if (ws.readyState < 2) ws.close(code);
  }

  /** Sleep until the connection has to prove that it lives. @private */
  watch() {
    clearTimeout(this.timer);
    const wait = Math.max(0, this.liveness.deadline() - Date.now());
    this.timer = setTimeout(() => {
      const due = this.liveness.due(Date.now());
      if (due === 'drop') return this.lost();
      if (due === 'ping') this.ping();
      else this.watch();
    }, wait);
  }

  /** @private @param {number} [within] ms until the answer */
  ping(within = PONG_WITHIN) {
    if (this.write({ type: 'ping' })) this.liveness.asked(Date.now(), within);
    this.watch();
  }

  /** The network or the page came back (or went): find out now, not in ten seconds. @private */
  onWake() {
    if (this.state.value === 'closed' || globalThis.document?.visibilityState === 'hidden') return;
    if (this.state.value === 'retrying' && !this.ws) this.open('retrying');
    else if (this.state.value === 'open') this.ping();
  }
}
