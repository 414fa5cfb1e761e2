/**
 * The voice room in a browser: gives `VoiceSession` the real microphone, connection, clock and page.
 *
 * Debugging aid: while a session exists, `window.waguVoice.pc` is its RTCPeerConnection (or null);
 * `await waguVoice.pc.getStats()` in the console tells what is really flowing.
 */
import { signal } from '@preact/signals-core';
import { VoiceConnection } from './voice-connection.js';
import { VoiceSession } from './voice-session.js';

/**
 * @typedef {object} Voice
 * @property {import('@preact/signals-core').Signal<import('./voice-session.js').VoiceView>} view
 * @property {VoiceSession} session
 * @property {() => void} close  the page or the room is being left
 */

/**
 * The voice of the room `socket` is in; silent until `session.start()`, or until it turns out to
 * have been on before a reload. Call it before or after the room is joined.
 *
 * @param {import('./socket.js').RoomSocket} socket
 * @param {{kind: string, slots: number}} options
 * @returns {Promise<Voice>}
 */
export async function joinVoice(socket, { kind, slots }) {
  const { mediaDevices } = navigator;
  const connect = await connector(kind, socket);
  const session = new VoiceSession({
    room: socket.room,
    slots,
    send: (message, onerror) => socket.send(message, onerror),
    doubt: () => socket.doubt(),
    devices: mediaDevices,
    connect,
    onspeakers: (speakers) => socket.tell({ type: 'voice_speakers', speakers }),
    createAudio,
    session: sessionStorage,
    local: localStorage,
    clock: CLOCK,
    random: Math.random,
  });
  const view = signal(session.view);
  session.onchange = (next) => {
    view.value = next;
  };

  const stops = [
    socket.on('moved', () => session.moved()),
    socket.on('joined', () => session.joined()),
    socket.on('voice_answer', (answer) => session.answered(answer)),
    socket.on('voice_token', (ticket) => session.answered(ticket)),
    socket.on('voice_restarted', ({ fragment }) => session.restarted(fragment)),
    socket.on('muted_by', () => session.mute(true)),
    socket.on('voice_closed', ({ reason }) => session.closed(reason)),
    listen(document, 'visibilitychange', () => document.visibilityState === 'visible' && session.resume()),
    listen(window, 'pageshow', () => session.resume()),
    listen(window, 'online', () => session.resume()),
    // Sound that the browser held back starts with the next tap, wherever it falls.
    listen(document, 'pointerup', () => session.view.soundBlocked && session.outputs.resume()),
  ];
  if (mediaDevices) stops.push(listen(mediaDevices, 'devicechange', () => session.devicesChanged()));
  if (socket.state.value === 'open') session.joined();

  const debug = { get pc() { return session.pc; } };
  Object.assign(window, { waguVoice: debug });
  return {
    view,
    session,
    close() {
      for (const stop of stops) stop();
      session.close();
      if (Reflect.get(window, 'waguVoice') === debug) Reflect.deleteProperty(window, 'waguVoice');
    },
  };
}

/** @type {import('./voice-session.js').Clock} */
const CLOCK = { now: Date.now, after: (ms, fn) => setTimeout(fn, ms), cancel: (timer) => clearTimeout(timer) };

/**
 * What makes connections of the kind that media is of here.
 *
 * @param {string} kind
 * @param {import('./socket.js').RoomSocket} socket
 * @returns {Promise<(outputs: import('./voice-outputs.js').VoiceOutputs) => import('./voice-session.js').Connection>}
 */
async function connector(kind, socket) {
  if (kind === 'livekit') {
    const { LiveKitVoice } = await import('./media/livekit-voice.js');
    return (outputs) => new LiveKitVoice(outputs, CLOCK, () => import('livekit-client'));
  }
  if (kind === 'openvidu2') {
    const { OpenViduVoice } = await import('./media/openvidu2-voice.js');
    return (outputs) => new OpenViduVoice(outputs, () => import('openvidu-browser'));
  }
  const peer = () => new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: socket.iceServers });
  return (outputs) => new VoiceConnection(peer(), outputs, CLOCK);
}

/** In the document, because iOS pauses elements that are not. */
function createAudio() {
  const audio = document.createElement('audio');
  audio.hidden = true;
  audio.setAttribute('playsinline', '');
  document.body.append(audio);
  return audio;
}

/** @param {EventTarget} target @param {string} type @param {() => void} fn @returns {() => void} */
function listen(target, type, fn) {
  target.addEventListener(type, fn);
  return () => target.removeEventListener(type, fn);
}
