/**
 * The states of a voice connection, as a table. Pure.
 *
 *     off ──start──▶ asking ──ready──▶ joining ──answered──▶ connecting ──connected──▶ on
 *
 * asking      for the microphone; the browser may show its prompt
 * joining     the offer is on its way over the WebSocket
 * connecting  ICE and DTLS
 * waiting     the connection was lost, the next attempt has its time
 *
 * From everywhere: `stop` and `replaced` (another tab of mine took over) lead to off, `refused`
 * (by the browser, or by the server for good) too. `lost` leads to waiting. `rejoined` is a new
 * WebSocket session: the server has forgotten the old connection, so the offer is made again.
 *
 * @typedef {'off' | 'asking' | 'joining' | 'connecting' | 'on' | 'waiting'} VoiceState
 * @typedef {'start' | 'ready' | 'answered' | 'connected' | 'lost' | 'retry' | 'rejoined'
 *   | 'refused' | 'replaced' | 'stop'} VoiceEvent
 */

/** @type {Record<VoiceState, Partial<Record<VoiceEvent, VoiceState>>>} */
export const TRANSITIONS = {
  off: { start: 'asking' },
  asking: { ready: 'joining', refused: 'off', stop: 'off' },
  joining: {
    answered: 'connecting', refused: 'off', lost: 'waiting', rejoined: 'joining', replaced: 'off', stop: 'off',
  },
  connecting: { connected: 'on', lost: 'waiting', rejoined: 'joining', replaced: 'off', stop: 'off' },
  on: { lost: 'waiting', rejoined: 'joining', replaced: 'off', stop: 'off' },
  waiting: { retry: 'joining', rejoined: 'joining', replaced: 'off', stop: 'off' },
};

/**
 * @param {VoiceState} state
 * @param {VoiceEvent} event
 * @returns {VoiceState}
 * @throws {Error} for a transition that is not in the table: a defect, never a peer's doing
 */
export function next(state, event) {
  const target = TRANSITIONS[state][event];
  if (!target) throw new Error(`voice: no transition for ${event} in ${state}`);
  return target;
}

/** @param {VoiceState} state @param {VoiceEvent} event */
export function allows(state, event) {
  return TRANSITIONS[state][event] !== undefined;
}
