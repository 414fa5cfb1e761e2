/**
 * What a map room is, as one value: `reduce(state, message, now)` answers each message of the
 * wire with the next state. No I/O, no DOM, no clock. Presence is not here: it changes twenty
 * times a second and lives in `presence.js`; nor are the chat, which
 * the socket keeps, and who speaks, which would redraw the ballot at every word.
 */

/** @typedef {import('./wire.js').RoomMessage} RoomMessage */
/** @typedef {import('./wire.js').RoomPerson} RoomPerson */

/**
 * A modest line between the chat lines: who came, what was nominated.
 * @typedef {{id: string, kind: 'came' | 'nominated' | 'closed' | 'reopened', who: string,
 *   what: string, at: number}} Notice
 */

/**
 * @typedef {object} RoomState
 * @property {'joining' | 'in' | 'over'} phase
 * @property {{code: string, message: string} | null} over
 * @property {import('./wire.js').You | null} you
 * @property {string} title
 * @property {boolean} requireAccount
 * @property {RoomPerson[]} people  in the order of arrival, yourself included
 * @property {Record<string, string>} names  of everyone ever seen here, also of those who left
 * @property {Notice[]} notices
 * @property {import('./wire.js').Ballot} ballot
 * @property {string[]} mine  nominees this person's votes stand on, as the server counts them
 */

const NOTICES_MAX = 50;

/** @type {RoomState} */
export const EMPTY = {
  phase: 'joining',
  over: null,
  you: null,
  title: '',
  requireAccount: false,
  people: [],
  names: {},
  notices: [],
  ballot: { round: 1, phase: 'open', nominees: [], done: [], result: null },
  mine: [],
};

/**
 * @param {RoomState} state
 * @param {Omit<Notice, 'id'>} notice
 * @returns {RoomState}
 */
function noticed(state, notice) {
  const id = `${notice.kind}:${notice.who}:${notice.what}:${notice.at}`;
  return { ...state, notices: [...state.notices, { ...notice, id }].slice(-NOTICES_MAX) };
}

/**
 * Names outlive their people: a nominee keeps its author after the author left.
 * @param {Record<string, string>} names
 * @param {readonly {id: string, name: string}[]} people
 */
function learned(names, people) {
  return { ...names, ...Object.fromEntries(people.map(({ id, name }) => [id, name])) };
}

/**
 * The whole state replaces what was known; only local lines (notices) survive a re-join.
 * @param {RoomState} state
 * @param {import('./wire.js').Joined} message
 * @returns {RoomState}
 */
function joined(state, message) {
  const names = learned(learned(state.names, message.chat.map((line) => line.from)), message.people);
  return {
    phase: 'in',
    over: null,
    you: message.you,
    title: message.title,
    requireAccount: message.require_account,
    people: message.people,
    names,
    notices: state.notices,
    ballot: message.ballot ?? EMPTY.ballot,
    mine: message.mine,
  };
}

/**
 * @param {RoomState} state
 * @param {{person: RoomPerson}} message
 * @param {number} now
 * @returns {RoomState}
 */
function person(state, { person: fresh }, now) {
  const known = state.people.some(({ id }) => id === fresh.id);
  const people = known
    ? state.people.map((old) => (old.id === fresh.id ? fresh : old))
    : [...state.people, fresh];
  const isYou = state.you?.id === fresh.id;
  const you = isYou && state.you ? { ...state.you, name: fresh.name, host: fresh.host } : state.you;
  const next = { ...state, you, people, names: learned(state.names, [fresh]) };
  // Who was seen before only comes back: from a tunnel, or after the server's restart.
  if (known || isYou || fresh.id in state.names) return next;
  return noticed(next, { kind: 'came', who: fresh.name, what: '', at: now });
}

/**
 * @param {RoomState} state
 * @param {{id: string}} message
 * @returns {RoomState}
 */
function gone(state, { id }) {
  return {
    ...state,
    people: state.people.filter((someone) => someone.id !== id),
  };
}

/**
 * @param {RoomState} state
 * @param {{ballot: import('./wire.js').Ballot}} message
 * @param {number} now
 * @returns {RoomState}
 */
function ballot(state, { ballot: fresh }, now) {
  const old = state.ballot;
  const sameRound = old.round === fresh.round;
  const standing = new Set(fresh.nominees.map(({ id }) => id));
  /** @type {RoomState} */
  let next = {
    ...state,
    ballot: fresh,
    mine: sameRound ? state.mine.filter((id) => standing.has(id)) : [],
  };
  if (sameRound) {
    const before = new Set(old.nominees.map(({ id }) => id));
    for (const nominee of fresh.nominees.filter(({ id }) => !before.has(id))) {
      const who = state.names[nominee.by] ?? nominee.by_name ?? '';
      next = noticed(next, { kind: 'nominated', who, what: nominee.name, at: now });
    }
  } else {
    next = noticed(next, { kind: 'reopened', who: '', what: String(fresh.round), at: now });
  }
  if (old.phase === 'open' && fresh.phase === 'closed') {
    next = noticed(next, { kind: 'closed', who: '', what: String(fresh.round), at: now });
  }
  return next;
}

/** @type {{[T in RoomMessage['type']]: (state: RoomState, message: any, now: number) => RoomState}} */
const HANDLERS = {
  joined,
  person,
  gone,
  ballot,
  ended: (state, { code, message }) => ({ ...state, phase: 'over', over: { code, message } }),
  votes: (state, { round, mine }) => (round === state.ballot.round ? { ...state, mine } : state),
};

/** The message types a room listens to. */
export const TYPES = /** @type {RoomMessage['type'][]} */ (Object.keys(HANDLERS));

/**
 * @param {RoomState} state
 * @param {RoomMessage} message
 * @param {number} now  ms since the epoch
 * @returns {RoomState}
 */
export function reduce(state, message, now) {
  return HANDLERS[message.type](state, message, now);
}
