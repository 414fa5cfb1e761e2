/**
 * Which page `/map/:id` shows, from what is known. Pure.
 *
 *     loading ─▶ gate (a name, please) ─▶ room ─▶ over
 *        │       account (log in) ─────▶         (unknown, expired, ended)
 *        └─▶ failed (server not reached)    full (no seat left)    out (removed, banned)
 *
 * @typedef {{name: 'loading' | 'failed' | 'gate' | 'account' | 'room' | 'full'} | {name: 'over' | 'out', code: string}} Phase
 *
 * @typedef {object} Known
 * @property {import('../types.js').ShareMap | null} shareMap
 * @property {{code: string} | null} problem  of asking for the map
 * @property {{code: string} | null} refusal  of the room's socket
 * @property {{kind: 'member' | 'guest'} | null} person
 */

const OVER = ['share_map.unknown', 'share_map.expired', 'share_map.ended'];

const OUT = ['room.removed', 'room.banned', 'room.network_banned'];

/** @param {Known} known @returns {Phase} */
export function phaseOf({ shareMap, problem, refusal, person }) {
  const code = refusal?.code ?? problem?.code ?? '';
  if (OVER.includes(code)) return { name: 'over', code };
  if (OUT.includes(code)) return { name: 'out', code };
  if (problem) return { name: 'failed' };
  if (!shareMap) return { name: 'loading' };
  const member = person?.kind === 'member';
  if (code === 'share_map.account_required' || (shareMap.require_account && !member)) return { name: 'account' };
  if (code === 'auth.required' || !person) return { name: 'gate' };
  if (code === 'room.full') return { name: 'full' };
  return { name: 'room' };
}
