/**
 * Which pins the room shows: nominees first, then lives, known places that are neither, and the
 * draft. Pure: lists in, pins out; the words come from the caller.
 */

/**
 * @typedef {import('./pins.js').Pin} Pin
 * @typedef {(key: string, vars: Record<string, string | number>) => string} Words
 *
 * @typedef {object} Shown
 * @property {import('./ballot-model.js').BallotModel} ballot
 * @property {readonly import('../types.js').Place[]} places
 * @property {readonly import('../types.js').Live[]} lives
 * @property {import('./room-ui.js').Draft | null} draft
 * @property {string} chosen
 */

/** @param {import('./ballot-model.js').Card} card @param {Set<string>} winners @returns {Pin['kind']} */
function kindOf(card, winners) {
  if (winners.has(card.id)) return 'winner';
  return card.voted ? 'voted' : 'nominee';
}

/**
 * @param {Shown} shown
 * @param {Words} t
 * @returns {Pin[]}
 */
export function pinList({ ballot, places, lives, draft, chosen }, t) {
  const winners = new Set(ballot.result?.winners.map(({ id }) => id));
  const nominated = new Set(ballot.cards.map(({ placeId }) => placeId));
  /** @type {Pin[]} */
  const pins = [];
  for (const { id, name, category, address, at } of places) {
    if (nominated.has(id)) continue;
    const label = t('map.pin_place', { name, about: category || address || '' });
    pins.push({ key: `place:${id}`, kind: 'place', at, name, label });
  }
  for (const card of ballot.cards) {
    const kind = kindOf(card, winners);
    const label = t(`map.pin_${kind}`, { name: card.name });
    pins.push({ key: `nominee:${card.id}`, kind, at: card.at, name: card.name, label });
  }
  for (const { id, title, host, place } of lives) {
    if (!place) continue;
    const label = t('map.pin_live', { name: place.name, host: host.name });
    pins.push({ key: `live:${id}`, kind: 'live', at: place.at, name: title, label });
  }
  if (draft) {
    const label = t('map.pin_draft', { name: draft.name });
    pins.push({ key: 'draft', kind: 'draft', at: draft.at, name: draft.name, label });
  }
  return pins.map((pin) => (pin.key === chosen ? { ...pin, chosen: true } : pin));
}
