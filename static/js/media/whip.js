/** WHIP (RFC 9725) and WHEP as this server speaks them: one offer, one answer, one resource to patch and delete. */
import { ApiError, reach, toError } from '../api.js';

/** @typedef {import('../types.js').Ticket} Ticket */

const RELEASE_WITHIN = 3000; // ms
const RESTART_WITHIN = 700; // ms; the socket of a network that is gone never answers

/**
 * @param {Ticket} ticket
 * @param {string} offer
 * @returns {Promise<{answer: string, resource: string}>} `resource` is the URL that `release` takes
 */
export async function negotiate(ticket, offer) {
  const response = await reach(ticket.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${ticket.token}` },
    body: offer,
    signal: AbortSignal.timeout(8000),
  });
  if (response.status !== 201) throw await toError(response);
  const resource = response.headers.get('Location') ?? '';
  const answer = await response.text().catch(() => {
    throw new ApiError('network', '');
  });
  return { answer, resource };
}

/**
 * Restart ICE, whatever the last ICE session was.
 *
 * @param {Ticket} ticket
 * @param {string} resource
 * @param {string} fragment
 * @returns {Promise<string>} the server's fragment
 */
export async function patch(ticket, resource, fragment) {
  const type = 'application/trickle-ice-sdpfrag';
  const response = await reach(resource, {
    method: 'PATCH',
    headers: { 'Content-Type': type, 'If-Match': '*', Authorization: `Bearer ${ticket.token}` },
    body: fragment,
    signal: AbortSignal.timeout(RESTART_WITHIN),
  });
  if (response.status !== 200) throw await toError(response);
  return response.text().catch(() => {
    throw new ApiError('network', '');
  });
}

/**
 * Tell the server that we are gone; it finds out by itself when this is lost.
 *
 * @param {Ticket} ticket
 * @param {string} resource
 * @returns {Promise<number | null>} the status: 404 when another session has taken the place of this one
 */
export async function release(ticket, resource) {
  if (!resource) return null;
  const headers = { Authorization: `Bearer ${ticket.token}` };
  const init = { method: 'DELETE', headers, keepalive: true, signal: AbortSignal.timeout(RELEASE_WITHIN) };
  return fetch(resource, init).then(({ status }) => status, () => null);
}
