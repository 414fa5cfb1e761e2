/**
 * A program: werift as WHIP publisher or WHEP viewer, until it is told to stop (SIGTERM).
 *
 *     node tests/clients/werift_live.js publish <url> <token> <source.json>
 *     node tests/clients/werift_live.js watch <url> <token>
 *
 * `source.json` is one second of media to send over and over: {video: frames, audio: packets}, a frame
 * being a list of RTP payloads in base64. A viewer prints a line of JSON each time something was worth
 * counting: {frames, keyframes, width, height, sounds}. SIGUSR2 restarts ICE by PATCH, which is told as
 * {restarted: status of PATCH} once there is a connection again. The last line is the status of DELETE.
 */
import { readFileSync } from 'node:fs';
import { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket, useNACK, useOPUS, usePLI, useREMB, useVP8 } from 'werift';
import { beginRestart, finishRestart } from '../../static/js/media/restart.js';

const [role, url, token, source] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' };
const CLOCKS = { audio: 48000, video: 90000 };
const REPORT_EVERY = 200; // ms

const pc = new RTCPeerConnection({
  codecs: { audio: [useOPUS()], video: [useVP8({ rtcpFeedback: [useNACK(), usePLI(), useREMB()] })] },
  iceServers: [],
  iceAdditionalHostAddresses: ['127.0.0.1'],
});

/** Send one second of packets over and over. @param {'audio' | 'video'} kind @param {string[][]} frames */
function loop(kind, frames) {
  const track = new MediaStreamTrack({ kind });
  pc.addTransceiver(track, { direction: 'sendonly' });
  const begun = performance.now();
  let sequenceNumber = 0;
  let sent = 0;
  const send = () => {
    for (; sent < ((performance.now() - begun) / 1000) * frames.length; sent += 1) {
      const payloads = frames[sent % frames.length];
      const timestamp = (sent * CLOCKS[kind]) / frames.length;
      payloads.forEach((payload, at) => {
        const marker = kind === 'video' && at === payloads.length - 1;
        const header = new RtpHeader({ sequenceNumber: sequenceNumber++ & 0xffff, timestamp, marker, ssrc: 1 });
        track.writeRtp(new RtpPacket(header, Buffer.from(payload, 'base64')));
      });
    }
  };
  setInterval(send, 10);
}

function count() {
  const seen = { frames: 0, keyframes: 0, width: 0, height: 0, sounds: 0 };
  const take = {
    audio: () => (seen.sounds += 1),
    /** @param {RtpPacket} packet */
    video: ({ header, payload }) => {
      if (header.marker) seen.frames += 1;
      const at = descriptorSize(payload);
      const begins = (payload[0] & 0x1f) === 0x10 && payload.length > at + 10; // RFC 7741, 4.2
      if (!begins || (payload[at] & 1) === 1) return; // the first bit of a frame: no keyframe
      seen.keyframes += 1;
      seen.width = payload.readUInt16LE(at + 6) & 0x3fff;
      seen.height = payload.readUInt16LE(at + 8) & 0x3fff;
    },
  };
  for (const kind of /** @type {const} */ (['audio', 'video'])) {
    const transceiver = pc.addTransceiver(kind, { direction: 'recvonly' });
    transceiver.onTrack.subscribe((track) => track.onReceiveRtp.subscribe(take[kind]));
  }
  setInterval(() => console.log(JSON.stringify(seen)), REPORT_EVERY);
}

/** Bytes of a VP8 payload descriptor. @param {Buffer} payload */
function descriptorSize(payload) {
  if (!(payload[0] & 0x80)) return 1;
  const has = payload[1];
  const picture = has & 0x80 ? (payload[2] & 0x80 ? 2 : 1) : 0;
  return 2 + picture + (has & 0x40 ? 1 : 0) + (has & 0x30 ? 1 : 0);
}

if (role === 'publish') {
  const { audio, video } = JSON.parse(readFileSync(source, 'utf8'));
  loop('audio', audio);
  loop('video', video);
} else {
  count();
}
await pc.setLocalDescription(await pc.createOffer());
const response = await fetch(url, { method: 'POST', headers, body: pc.localDescription.sdp });
if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
const resource = new URL(response.headers.get('Location'), url);
await pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });

process.on('SIGUSR2', async () => {
  const body = await beginRestart(pc);
  const fragment = { ...headers, 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' };
  const answered = await fetch(resource, { method: 'PATCH', headers: fragment, body });
  await finishRestart(pc, await answered.text());
  const told = setInterval(() => {
    if (!['connected', 'completed'].includes(pc.iceConnectionState)) return;
    clearInterval(told);
    console.log(JSON.stringify({ restarted: answered.status }));
  }, 50);
});

process.on('SIGTERM', async () => {
  const { status } = await fetch(resource, { method: 'DELETE', headers });
  console.log(JSON.stringify({ status }));
  process.exit(0);
});
