/**
 * Votes that were tapped but not yet counted. The screen shows them at once; each `votes` message
 * of the server confirms the oldest toggle it agrees with. What is still open after a lost
 * connection is sent again: a vote is idempotent. Pure values.
 *
 * @typedef {{nominee: string, on: boolean, n: number}} Toggle
 * @typedef {{round: number, toggles: readonly Toggle[]}} VoteQueue
 */

/** @type {VoteQueue} */
export const NOTHING_OPEN = Object.freeze({ round: 0, toggles: [] });

/**
 * @param {VoteQueue} queue
 * @param {number} round
 * @param {Toggle} toggle
 * @returns {VoteQueue}
 */
export function tapped(queue, round, toggle) {
  const older = queue.round === round ? queue.toggles : [];
  return { round, toggles: [...older, toggle] };
}

/**
 * `votes` arrived: everything up to the oldest toggle it agrees with has been counted.
 * @param {VoteQueue} queue
 * @param {number} round
 * @param {readonly string[]} mine
 * @returns {VoteQueue}
 */
export function counted(queue, round, mine) {
  if (queue.round !== round) return NOTHING_OPEN;
  const agreed = queue.toggles.findIndex(({ nominee, on }) => mine.includes(nominee) === on);
  return agreed < 0 ? queue : { round, toggles: queue.toggles.slice(agreed + 1) };
}

/**
 * The server refused toggle `n`.
 * @param {VoteQueue} queue
 * @param {number} n
 * @returns {VoteQueue}
 */
export function refused(queue, n) {
  return { ...queue, toggles: queue.toggles.filter((toggle) => toggle.n !== n) };
}

/**
 * After a re-join: the last word on each nominee that is not yet what the server counts.
 * @param {VoteQueue} queue
 * @param {import('./wire.js').Ballot} ballot
 * @param {readonly string[]} mine
 * @returns {VoteQueue}
 */
export function stillOpen(queue, ballot, mine) {
  if (queue.round !== ballot.round || ballot.phase !== 'open') return NOTHING_OPEN;
  const last = new Map(queue.toggles.map((toggle) => [toggle.nominee, toggle]));
  const standing = new Set(ballot.nominees.map(({ id }) => id));
  const toggles = [...last.values()].filter(
    ({ nominee, on }) => standing.has(nominee) && mine.includes(nominee) !== on,
  );
  return { round: queue.round, toggles };
}

/**
 * What the screen shows: the server's count with the open toggles on top.
 * @param {readonly string[]} mine
 * @param {VoteQueue} queue
 * @returns {Set<string>}
 */
export function shown(mine, queue) {
  const votes = new Set(mine);
  for (const { nominee, on } of queue.toggles) {
    if (on) votes.add(nominee);
    else votes.delete(nominee);
  }
  return votes;
}
