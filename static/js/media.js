/**
 * The media adapter: `publish`, `watch` and `joinVoice`, whichever backend the server delegates to.
 * A ticket's `kind` chooses the implementation, which is loaded when first used.
 *
 * Each implementation exports
 *   publish(stream, ticket, renew) → MediaSession      one camera and microphone into a live
 *   watch(ticket, renew)           → WatchSession      a live's picture and sound
 * and `joinVoice(socket, options)` comes from voice.js, since the voice room is negotiated over the
 * room's own WebSocket.
 */

import { withFallback } from './media/fallback.js';

/**
 * @typedef {import('./types.js').Ticket} Ticket
 * @typedef {import('@preact/signals-core').ReadonlySignal<MediaState>} StateSignal
 * @typedef {'connecting' | 'live' | 'waiting' | 'retrying' | 'stopped'} MediaState
 *   waiting: connected to the server, but there is nothing to watch yet
 *   stopped: over; `error` says why when it was not `leave`
 *
 * @typedef {object} MediaSession
 * @property {StateSignal} state
 * @property {import('@preact/signals-core').Signal<import('./api.js').ApiError | null>} error
 * @property {import('@preact/signals-core').ReadonlySignal<boolean>} faint  media fell silent: the way to the server may be gone
 * @property {() => void} check  find out now whether media still flows (the room's socket was lost and is back)
 * @property {() => void} move  the room is on another node: go there, and let the former connection carry on until then
 * @property {(kind: 'audio' | 'video', muted: boolean) => void} mute
 * @property {(track: MediaStreamTrack) => Promise<void>} replace  another camera or microphone
 * @property {(rids: string[]) => void} sendLayers  only these simulcast layers are worth sending
 * @property {() => Promise<void>} leave
 * @property {() => void} giveWay  another sender has taken over: stop, with `media.replaced`
 * @property {() => void} resume  send again after having stopped
 *
 * @typedef {object} PublishOptions
 * @property {boolean} simulcast
 * @property {boolean} [guest]  beside the host: a smaller picture
 * @property {() => Promise<boolean>} isOnAir  asks the server: while we are cut off, it means that somebody else sends
 *
 * @typedef {object} Source
 * @property {(video: HTMLVideoElement) => () => void} attach  shows it there; the result takes it away
 *
 * @typedef {(place: number, person: string) => MediaStream | undefined} Guests  by place or by person, whichever is known
 *
 * @typedef {object} WatchSession
 * @property {StateSignal} state
 * @property {import('@preact/signals-core').ReadonlySignal<import('./api.js').ApiError | null>} error
 * @property {import('@preact/signals-core').ReadonlySignal<Source | null>} source  what to show; null until there is something
 * @property {import('@preact/signals-core').ReadonlySignal<Guests>} guests  what comes of those beside it
 * @property {import('@preact/signals-core').ReadonlySignal<boolean>} faint
 * @property {() => void} check
 * @property {() => void} move
 * @property {() => Promise<void>} leave
 *
 * @typedef {object} Backend
 * @property {(stream: MediaStream, ticket: Ticket, renew: () => Promise<Ticket>, options: PublishOptions) => MediaSession} publish
 * @property {(ticket: Ticket, renew: () => Promise<Ticket>) => WatchSession} watch
 */

/** @type {Record<string, () => Promise<Backend>>} */
const BACKENDS = {
  embedded: () => import('./media/embedded.js'),
  livekit: () => import('./media/livekit.js'),
  openvidu2: () => import('./media/openvidu2.js'),
  hls: () => import('./media/hls.js').then(({ watch }) => ({ watch, publish: cannot })),
};

/** @returns {never} */
function cannot() {
  throw new Error('nobody publishes by HLS');
}

/** @param {string} kind */
async function backend(kind) {
  const load = BACKENDS[kind];
  if (!load) throw new Error(`no media backend for ${kind}`);
  return load();
}

/**
 * @param {MediaStream} stream
 * @param {() => Promise<Ticket>} renew  asks the server for a ticket; called again after a lost connection
 * @param {PublishOptions} options
 */
export async function publish(stream, renew, options) {
  const ticket = await renew();
  return (await backend(ticket.kind)).publish(stream, ticket, renew, options);
}

/**
 * How one watches is decided once: who comes back when many watch keeps what they had.
 *
 * @param {(via?: 'webrtc' | 'hls') => Promise<Ticket>} renew
 */
export async function watch(renew) {
  const ticket = await renew('RTCPeerConnection' in globalThis ? undefined : 'hls');
  if (ticket.kind === 'hls') return byHls(ticket);
  const session = (await backend(ticket.kind)).watch(ticket, () => renew('webrtc'));
  return withFallback(session, async () => byHls(await renew('hls')));

  /** @param {Ticket} first */
  async function byHls(first) {
    return (await backend('hls')).watch(first, () => renew('hls'));
  }
}

/**
 * The voice room of a shared map, over its socket; loaded with the first press of the button.
 *
 * @param {import('./socket.js').RoomSocket} socket
 * @param {{kind: string, slots: number}} options  where media is; how many voices are heard at once
 */
export async function joinVoice(socket, options) {
  return (await import('./voice.js')).joinVoice(socket, options);
}
