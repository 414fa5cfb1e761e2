/** Lives at a LiveKit server (OpenVidu 3): its library is loaded with the first of them. */
import { LiveKitPublisher, LiveKitWatcher } from './livekit-live.js';
import { RemoteLink } from './remote-link.js';

/** @typedef {import('../types.js').Ticket} Ticket */

const load = () => import('livekit-client');

/**
 * @param {MediaStream} stream
 * @param {Ticket} ticket
 * @param {() => Promise<Ticket>} renew
 * @param {import('../media.js').PublishOptions} options
 * @returns {import('../media.js').MediaSession}
 */
export function publish(stream, ticket, renew, options) {
  const publisher = new LiveKitPublisher(stream, options, load);
  const link = new RemoteLink(ticket, renew, (...rest) => publisher.join(...rest));
  return {
    state: link.state,
    error: link.error,
    faint: link.faint,
    check: () => link.check(),
    move: () => {}, // its media is with none of our nodes
    leave: () => link.leave(),
    giveWay: () => link.giveWay(),
    resume: () => link.resume(),
    mute: (kind, muted) => publisher.mute(kind, muted),
    sendLayers: () => {}, // the library and the server agree on them (dynacast)
    replace: (track) => publisher.replace(track),
  };
}

/**
 * @param {Ticket} ticket
 * @param {() => Promise<Ticket>} renew
 * @returns {import('../media.js').WatchSession}
 */
export function watch(ticket, renew) {
  const watcher = new LiveKitWatcher(load);
  const link = new RemoteLink(ticket, renew, (...rest) => watcher.join(...rest));
  return {
    state: link.state,
    error: link.error,
    faint: link.faint,
    source: watcher.source,
    guests: watcher.guests,
    check: () => link.check(),
    move: () => {}, // its media is with none of our nodes
    leave: () => link.leave(),
  };
}
