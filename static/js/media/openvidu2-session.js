/**
 * An OpenVidu 2 session as everything of ours wants it: connected, its ends and silences told in our
 * words, and what others send received. The library stops the tracks that it is given, so it is
 * given clones.
 */
import { ApiError } from '../api.js';

/**
 * @typedef {{OpenVidu: typeof import('openvidu-browser').OpenVidu}} Sdk
 * @typedef {import('openvidu-browser').Session} Session
 * @typedef {import('openvidu-browser').Publisher} Publisher
 *
 * @typedef {object} Listener
 * @property {(faint: boolean) => void} faint
 * @property {(error: ApiError) => void} lost
 * @property {() => void} [expelled]  our server ended it: sent away, or replaced by another of the same person; instead of `lost`
 * @property {(from: Sender, stream: MediaStream) => void} [received]
 * @property {(from: Sender, stream: MediaStream) => void} [ended]
 * @property {(from: Sender, speaks: boolean) => void} [speaks]
 *
 * @typedef {{peer: string, role: string}} Sender  as our server wrote it into the connection
 */

const NOBODY = { peer: '', role: '' };

/**
 * @param {Sdk} sdk
 * @param {{token: string}} ticket
 * @param {Listener} listener
 * @returns {Promise<{openvidu: import('openvidu-browser').OpenVidu, session: Session}>}
 */
export async function enterSession({ OpenVidu }, { token }, listener) {
  const openvidu = new OpenVidu();
  openvidu.enableProdMode(); // or it writes everything to the console
  const session = openvidu.initSession();
  session.on('reconnecting', () => listener.faint(true));
  session.on('reconnected', () => listener.faint(false));
  session.on('sessionDisconnected', ({ reason }) => {
    if (reason === 'forceDisconnectByServer' && listener.expelled) listener.expelled();
    else listener.lost(new ApiError('media.lost', ''));
  });
  if (listener.received) receive(session, listener);
  if (listener.speaks) {
    session.on('publisherStartSpeaking', ({ connection }) => listener.speaks?.(senderOf(connection), true));
    session.on('publisherStopSpeaking', ({ connection }) => listener.speaks?.(senderOf(connection), false));
  }
  await session.connect(token);
  return { openvidu, session };
}

/** @param {Session} session @param {Listener} listener */
function receive(session, listener) {
  /** @type {Map<string, MediaStream>} by the stream's id */
  const received = new Map();
  session.on('streamCreated', ({ stream }) => {
    const subscriber = session.subscribe(stream, undefined, (error) => {
      if (error) return; // it is gone already
      const media = subscriber.stream.getMediaStream();
      received.set(stream.streamId, media);
      listener.received?.(senderOf(stream.connection), media);
    });
  });
  session.on('streamDestroyed', ({ stream }) => {
    const media = received.get(stream.streamId);
    received.delete(stream.streamId);
    if (media) listener.ended?.(senderOf(stream.connection), media);
  });
}

/**
 * Behind what a client may say of itself comes what our server said of it.
 *
 * @param {{data: string}} connection
 * @returns {Sender}
 */
export function senderOf({ data }) {
  try {
    const { peer, role } = JSON.parse(data.split('%/%').at(-1) ?? '');
    return typeof peer === 'string' && typeof role === 'string' ? { peer, role } : NOBODY;
  } catch {
    return NOBODY;
  }
}

/**
 * @param {import('openvidu-browser').OpenVidu} openvidu
 * @param {Session} session
 * @param {{audio?: MediaStreamTrack | null, video?: MediaStreamTrack}} tracks
 * @param {{audio: boolean, video: boolean}} muted
 */
export async function send(openvidu, session, { audio, video }, muted) {
  const publisher = await openvidu.initPublisherAsync(undefined, {
    audioSource: audio?.clone() ?? false,
    videoSource: video?.clone() ?? false,
    publishAudio: Boolean(audio) && !muted.audio,
    publishVideo: Boolean(video) && !muted.video,
    mirror: false,
  });
  await session.publish(publisher);
  return publisher;
}
