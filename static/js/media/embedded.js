/** The embedded SFU: publish by WHIP with simulcast, watch by WHEP. */
import { signal } from '@preact/signals-core';
import { encodingsOf, Layers } from './layers.js';
import { MediaLink } from './link.js';

/**
 * @typedef {import('../types.js').Ticket} Ticket
 * @typedef {import('../media.js').MediaSession} MediaSession
 * @typedef {import('../media.js').WatchSession} WatchSession
 */

/** Places of guests in a viewer's offer, as the server has. */
const PLACES = 3;

/** What a place carries; naming nothing else keeps the offer short. */
const PLACE_CODECS = ['audio/opus', 'video/vp8', 'video/rtx'];

/** VP8 is the one every browser simulcasts; H.264 next for phones that encode it in hardware. */
const CODECS = ['video/vp8', 'video/h264'];

/**
 * @param {MediaStream} stream  one audio track, one video track or none
 * @param {Ticket} ticket
 * @param {() => Promise<Ticket>} renew
 * @param {import('../media.js').PublishOptions} options
 * @returns {MediaSession}
 */
export function publish(stream, ticket, renew, { simulcast, guest = false, isOnAir }) {
  /** @type {Record<string, MediaStreamTrack | undefined>} */
  const tracks = { audio: stream.getAudioTracks()[0], video: stream.getVideoTracks()[0] };
  /** @type {Layers | null} */
  let layers = null;
  const link = new MediaLink(ticket, renew, {
    build(pc) {
      if (tracks.audio) pc.addTransceiver(tracks.audio, { direction: 'sendonly' });
      layers = new Layers(pc);
      if (!tracks.video) return;
      const encodings = encodingsOf(tracks.video.getSettings(), guest);
      addVideo(pc, tracks.video, simulcast ? encodings : encodings.slice(-1));
    },
    isOnAir,
  });
  return {
    state: link.state,
    error: link.error,
    faint: link.faint,
    check: () => void link.check(),
    move: () => link.move(),
    leave: () => link.leave(),
    giveWay: () => link.giveWay(),
    resume: () => link.resume(),
    mute(kind, muted) {
      const track = tracks[kind];
      if (track) track.enabled = !muted;
    },
    sendLayers: (rids) => layers?.want(rids),
    async replace(track) {
      track.enabled = tracks[track.kind]?.enabled ?? true;
      tracks[track.kind] = track;
      const sender = link.pc?.getSenders().find((s) => s.track?.kind === track.kind);
      await sender?.replaceTrack(track);
    },
  };
}

/**
 * @param {Ticket} ticket
 * @param {() => Promise<Ticket>} renew
 * @returns {WatchSession}
 */
export function watch(ticket, renew) {
  const source = signal(/** @type {import('../media.js').Source | null} */ (null));
  const guests = signal(/** @type {import('../media.js').Guests} */ (() => undefined));
  const link = new MediaLink(ticket, renew, {
    build(pc) {
      receive(pc);
      for (let place = 0; place < PLACES; place += 1) receive(pc, PLACE_CODECS);
    },
    linger: true,
    up(pc) {
      const tracks = pc.getTransceivers().map(({ receiver }) => receiver.track);
      const [host, ...others] = Array.from({ length: PLACES + 1 }, (_, place) => new MediaStream(tracks.slice(2 * place, 2 * place + 2)));
      source.value = { attach: (video) => show(video, host) };
      guests.value = (place) => others[place];
    },
  });
  return {
    state: link.state,
    error: link.error,
    faint: link.faint,
    source,
    guests,
    check: () => void link.check(),
    move: () => link.move(),
    leave: () => link.leave(),
  };
}

/** Sound and picture of one sender. @param {RTCPeerConnection} pc @param {string[]} [only]  these codecs */
function receive(pc, only) {
  for (const kind of ['audio', 'video']) {
    const transceiver = pc.addTransceiver(kind, { direction: 'recvonly' });
    const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
    if (only) transceiver.setCodecPreferences?.(codecs.filter(({ mimeType }) => only.includes(mimeType.toLowerCase())));
  }
}

/**
 * Its last picture stays until another stream takes over.
 *
 * @param {HTMLVideoElement} video
 * @param {MediaStream} stream
 */
function show(video, stream) {
  video.srcObject = stream;
  return () => {};
}

/** @param {RTCPeerConnection} pc @param {MediaStreamTrack} track @param {RTCRtpEncodingParameters[]} encodings  one: no simulcast */
function addVideo(pc, track, encodings) {
  track.contentHint = 'motion';
  const single = encodings.slice(-1).map(({ maxBitrate }) => ({ maxBitrate }));
  const transceiver =
    withLayers(pc, track, encodings.length > 1 ? encodings : single) ?? pc.addTransceiver(track, { direction: 'sendonly' });
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  const rank = (/** @type {{mimeType: string}} */ { mimeType }) => {
    const at = CODECS.indexOf(mimeType.toLowerCase());
    return at < 0 ? CODECS.length : at;
  };
  transceiver.setCodecPreferences?.([...codecs].sort((a, b) => rank(a) - rank(b)));
}

/**
 * Null where the browser refuses several encodings.
 *
 * @param {RTCPeerConnection} pc
 * @param {MediaStreamTrack} track
 * @param {RTCRtpEncodingParameters[]} sendEncodings
 */
function withLayers(pc, track, sendEncodings) {
  try {
    return pc.addTransceiver(track, { direction: 'sendonly', sendEncodings });
  } catch {
    return null;
  }
}
