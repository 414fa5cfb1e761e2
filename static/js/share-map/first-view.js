/**
 * Where the map looks when one comes in: where one looked before a reload, else where the host
 * looks, else any friend, else at the first nominee, else the server's own centre. Pure.
 */

/** @typedef {import('./wire.js').View} View */

/** Close enough to see the streets around a place. */
const NEAR = 15;

/**
 * @param {Pick<import('./wire.js').Joined, 'presence' | 'people' | 'ballot' | 'you'>} joined
 * @param {View} fallback
 * @returns {View}
 */
export function firstView({ presence, people, ballot, you }, fallback) {
  const host = people.find(({ host: isHost }) => isHost)?.id ?? '';
  const others = people.map(({ id }) => id);
  for (const id of [you.id, host, ...others]) {
    const view = presence[id]?.view;
    if (view) return view;
  }
  const at = ballot?.nominees[0]?.at;
  return at ? [at[0], at[1], NEAR] : fallback;
}
