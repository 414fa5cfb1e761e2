/**
 * What the ballot's screens show, computed from the room's state: cards, who is done, the result
 * with its ties. Pure: state in, view model out.
 */

/** @typedef {import('./room-state.js').RoomState} RoomState */

/** Of the protocol: `ballot.full` comes with the eleventh. `/api/config` may say otherwise. */
export const NOMINEES_MAX = 10;

/**
 * @typedef {object} Card
 * @property {string} id
 * @property {string} name
 * @property {import('./wire.js').LatLng} at
 * @property {string} category
 * @property {number | null} placeId
 * @property {string} by  name of who nominated it, '' when nobody knows any more
 * @property {boolean} voted
 * @property {boolean} mine  nominated by yourself
 * @property {boolean} removable  by yourself: it is yours, or you are the host
 *
 * @typedef {Card & {count: number, share: number, winner: boolean}} ResultRow
 *
 * @typedef {object} Result
 * @property {ResultRow[]} rows  most votes first; equal counts in the order of nomination
 * @property {ResultRow[]} winners
 * @property {boolean} tie
 * @property {number} voters
 *
 * @typedef {object} BallotModel
 * @property {number} round
 * @property {boolean} open
 * @property {Card[]} cards
 * @property {number} max
 * @property {boolean} full
 * @property {Set<string>} done  ids of the people who are done
 * @property {boolean} meDone
 * @property {import('./wire.js').RoomPerson[]} waiting  those present who are not done yet
 * @property {boolean} host
 * @property {Result | null} result
 */

/**
 * @param {Card[]} cards
 * @param {import('./wire.js').BallotResult} result
 * @returns {Result}
 */
function resultOf(cards, { counts, winners, voters }) {
  const most = Math.max(1, ...Object.values(counts));
  const rows = cards
    .map((card) => {
      const count = counts[card.id] ?? 0;
      return { ...card, count, share: count / most, winner: winners.includes(card.id) };
    })
    .sort((a, b) => b.count - a.count);
  const won = rows.filter(({ winner }) => winner);
  return { rows, winners: won, tie: won.length > 1, voters };
}

/**
 * @param {RoomState} state
 * @param {Set<string>} votes  what the screen shows as voted, open toggles included
 * @param {number} [max]
 * @returns {BallotModel}
 */
export function ballotModel(state, votes, max = NOMINEES_MAX) {
  const { ballot, you, people, names } = state;
  const host = you?.host ?? false;
  const cards = ballot.nominees.map((nominee) => ({
    id: nominee.id,
    name: nominee.name,
    at: nominee.at,
    category: nominee.category ?? '',
    placeId: nominee.place_id ?? null,
    by: names[nominee.by] ?? nominee.by_name ?? '',
    voted: votes.has(nominee.id),
    mine: nominee.by === you?.id,
    removable: host || nominee.by === you?.id,
  }));
  const done = new Set(ballot.done);
  return {
    round: ballot.round,
    open: ballot.phase === 'open',
    cards,
    max,
    full: cards.length >= max,
    done,
    meDone: !!you && done.has(you.id),
    waiting: people.filter(({ id, away }) => !away && !done.has(id)),
    host,
    result: ballot.result && resultOf(cards, ballot.result),
  };
}
