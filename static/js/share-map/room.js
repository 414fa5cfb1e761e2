/**
 * The room as the view holds it: one socket, the state that its messages make, and what the person
 * may do. Votes show at once; a vote, a nomination or an "I'm done" that a lost connection swallowed
 * is sent again after the re-join.
 */
import { computed, signal } from '@preact/signals';
import { COLOURS, colourOf } from '../ui/avatar.js';
import { ballotModel } from './ballot-model.js';
import { LookSender } from './look-sender.js';
import { withColours } from './palette.js';
import { Presence } from './presence.js';
import { EMPTY, TYPES, reduce } from './room-state.js';
import { NOTHING_OPEN, counted, refused, shown, stillOpen, tapped } from './vote-queue.js';

/**
 * @typedef {import('../socket.js').RoomSocket} RoomSocket
 * @typedef {{name: string, at: import('./wire.js').LatLng, place_id?: number, category?: string}} Nomination
 * @typedef {{nomination: Nomination, resolve: () => void, reject: (error: {code: string, message: string}) => void}} Open
 */

const CLOCK = {
  now: () => performance.now(),
  after: (/** @type {number} */ ms, /** @type {() => void} */ fn) => setTimeout(fn, ms),
  cancel: (/** @type {any} */ timer) => clearTimeout(timer),
};

/** Names as the server compares them: without spaces and case. @param {string} name */
const spelling = (name) => name.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

/** @param {import('./wire.js').Nominee} nominee @param {Nomination} [wished] */
function same(nominee, wished) {
  if (!wished) return false;
  if (wished.place_id !== undefined) return nominee.place_id === wished.place_id;
  return spelling(nominee.name) === spelling(wished.name);
}

export class MapRoom {
  /** @type {Open | null} */ #open = null;
  /** @type {boolean | null} */ #wish = null;
  #toggles = 0;
  /** The server's clock minus ours, ms: notices stand between chat lines by the server's time. */
  #ahead = 0;
  /** What went wrong with something the person did. @type {(error: {code: string, message: string}) => void} */
  onerror = () => {};
  /** Somebody moved. */
  onpresence = () => {};

  /**
   * @param {RoomSocket} socket  not yet connected
   * @param {{nomineesMax: number, glide: boolean}} options
   */
  constructor(socket, { nomineesMax, glide }) {
    this.socket = socket;
    this.state = signal(EMPTY);
    this.queue = signal(NOTHING_OPEN);
    this.presence = new Presence({ glide });
    this.look = new LookSender((message) => socket.send(message), CLOCK);
    this.votes = computed(() => shown(this.state.value.mine, this.queue.value));
    this.ballot = computed(() => ballotModel(this.state.value, this.votes.value, nomineesMax));
    this.people = computed(() => this.state.value.people);
    this.you = computed(() => this.state.value.you);
    this.phase = computed(() => this.state.value.phase);
    this.title = computed(() => this.state.value.title);
    /** @type {import('@preact/signals').Signal<string[]>} */
    this.spoke = signal([]);
    /** Who speaks now. Nobody is heard while there is no connection. */
    this.speakers = computed(() => (socket.state.value === 'open' ? this.spoke.value : []));
    /** @type {ReadonlyMap<string, string>} */
    let given = new Map();
    this.colours = computed(() => (given = withColours(given, this.people.value, COLOURS, colourOf)));
    /** A person's colour in this room. @param {string} id */
    this.colourOf = (id) => this.colours.value.get(id) ?? colourOf(id);
    for (const type of TYPES) socket.on(type, (message) => this.#hear(message));
    socket.on('joined', (message) => this.#joined(message));
    socket.on('votes', ({ round, mine }) => this.#counted(round, mine));
    socket.on('presence', ({ people }) => this.#seen(people));
    socket.on('voice_speakers', ({ speakers }) => (this.spoke.value = speakers));
    socket.on('gone', ({ id }) => this.#gone(id));
    socket.on('ballot', () => this.#settle());
  }

  /** @param {string} nominee @param {boolean} on */
  vote(nominee, on) {
    const { round } = this.state.value.ballot;
    this.#toggles += 1;
    const toggle = { nominee, on, n: this.#toggles };
    this.queue.value = tapped(this.queue.value, round, toggle);
    this.#send(toggle);
  }

  /**
   * @param {Nomination} nomination
   * @returns {Promise<void>}  settles when it stands, rejects with the server's refusal
   */
  nominate(nomination) {
    return new Promise((resolve, reject) => {
      this.#open = { nomination, resolve, reject };
      this.#sendOpen();
    });
  }

  /** @param {string} nominee */
  withdraw(nominee) {
    this.#do({ type: 'withdraw', nominee });
  }

  /** @param {boolean} on */
  done(on) {
    this.#wish = on;
    this.socket.send({ type: 'done', on }, (error) => {
      this.#wish = null;
      this.onerror(error);
    });
  }

  closeBallot() {
    this.#do({ type: 'close_ballot' });
  }

  /** @param {string[]} keep */
  newBallot(keep) {
    this.#do({ type: 'new_ballot', keep });
  }

  close() {
    this.look.close();
    this.socket.close();
  }

  /** @param {{type: string, [field: string]: unknown}} message */
  #do(message) {
    const error = { code: 'network', message: '' };
    if (!this.socket.send(message, this.onerror)) this.onerror(error);
  }

  /** @param {import('./wire.js').RoomMessage} message */
  #hear(message) {
    if (message.type === 'joined') this.#ahead = message.now - Date.now();
    this.state.value = reduce(this.state.value, message, Date.now() + this.#ahead);
  }

  /** @param {import('./wire.js').Joined} message */
  #joined({ presence }) {
    this.presence.replace(presence);
    this.onpresence();
    this.spoke.value = [];
    this.look.again();
    const { ballot, mine, you } = this.state.value;
    this.queue.value = stillOpen(this.queue.value, ballot, mine);
    for (const toggle of this.queue.value.toggles) this.#send(toggle);
    const done = you !== null && ballot.done.includes(you.id);
    if (this.#wish !== null && this.#wish !== done && ballot.phase === 'open') this.done(this.#wish);
    this.#settle();
    this.#sendOpen();
  }

  /** @param {string} id */
  #gone(id) {
    this.presence.remove(id);
    this.spoke.value = this.spoke.value.filter((speaker) => speaker !== id);
  }

  /** @param {number} round @param {string[]} mine */
  #counted(round, mine) {
    this.queue.value = counted(this.queue.value, round, mine);
  }

  /** @param {Record<string, import('./wire.js').Look>} people */
  #seen(people) {
    this.presence.update(people);
    this.onpresence();
  }

  /** @param {import('./vote-queue.js').Toggle} toggle */
  #send({ nominee, on, n }) {
    this.socket.send({ type: 'vote', nominee, on }, (error) => {
      this.queue.value = refused(this.queue.value, n);
      this.onerror(error);
    });
  }

  #sendOpen() {
    const open = this.#open;
    if (!open) return;
    this.socket.send({ type: 'nominate', ...open.nomination }, (error) => {
      if (this.#open !== open) return;
      this.#open = null;
      open.reject(error);
    });
  }

  /** Whether what we wished for stands now. */
  #settle() {
    const { ballot, you } = this.state.value;
    if (you && this.#wish === ballot.done.includes(you.id)) this.#wish = null;
    const open = this.#open;
    const stands = ballot.nominees.some((nominee) => nominee.by === you?.id && same(nominee, open?.nomination));
    if (!open || !stands) return;
    this.#open = null;
    open.resolve();
  }
}
