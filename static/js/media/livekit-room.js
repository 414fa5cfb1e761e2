/** A LiveKit room as everything of ours wants it: connected, with its ends and silences told in our words. */
import { ApiError } from '../api.js';

/** @typedef {typeof import('livekit-client')} Sdk */

/** The role of who publishes a live, which the server writes into the participant's metadata. */
export const HOST = 'publish';

/** ms. The library tries each address several times by itself. */
const CONNECT = { maxRetries: 1, websocketTimeout: 8000, peerConnectionTimeout: 8000 };

/**
 * @param {Sdk} sdk
 * @param {{url: string, token: string}} ticket
 * @param {{faint: (faint: boolean) => void, lost: (error: ApiError) => void}} news
 * @param {(room: import('livekit-client').Room) => void} listen  before it is connected, as tracks come at once
 */
export async function enterRoom(sdk, { url, token }, news, listen) {
  const { Room, RoomEvent } = sdk;
  // Tracks are their owner's: a camera goes on being shown while the connection is made again.
  const room = new Room({ dynacast: true, stopLocalTrackOnUnpublish: false });
  room.on(RoomEvent.Reconnecting, () => news.faint(true));
  room.on(RoomEvent.SignalReconnecting, () => news.faint(true));
  room.on(RoomEvent.Reconnected, () => news.faint(false));
  room.on(RoomEvent.Disconnected, (reason) => news.lost(verdict(sdk, reason)));
  listen(room);
  await room.connect(url, token, CONNECT);
  return room;
}

/** Whose it is: an identity is `<person id>:<connection>`. @param {{identity: string}} participant */
export function personOf({ identity }) {
  return identity.split(':', 1)[0];
}

/** Only who was replaced must not come back by themselves. @param {Sdk} sdk @param {number | undefined} reason */
function verdict(sdk, reason) {
  return new ApiError(reason === sdk.DisconnectReason.DUPLICATE_IDENTITY ? 'media.replaced' : 'media.lost', '');
}
