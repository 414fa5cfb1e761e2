/**
 * The voice of one room: microphone out, slots in, and back again by itself after whatever happens
 * to the network, the page or the devices. States are in `voice-machine.js`; this class performs
 * them. Everything it touches comes from outside, so a test can be the browser and the server.
 */
import { backoff } from './backoff.js';
import { NO_DEVICES, chooseDevice, chosenDevice, listDevices } from './voice-devices.js';
import { Handover } from './voice-handover.js';
import { allows, next } from './voice-machine.js';
import { forget, keep, kept } from './voice-memory.js';
import { Microphone, MicrophoneError } from './voice-microphone.js';
import { VoiceOutputs } from './voice-outputs.js';

/** An answer that takes longer is not coming. */
const ANSWER = 8_000;

/** Refusals that asking again would not change. @type {Record<string, Problem>} */
const FINAL = { 'media.room_full': 'full', 'media.bad_offer': 'failed' };

/**
 * @typedef {import('./voice-microphone.js').MicrophoneProblem | 'full' | 'failed' | 'replaced'} Problem
 * @typedef {{now: () => number, after: (ms: number, fn: () => void) => unknown, cancel: (timer: any) => void}} Clock
 *
 * @typedef {(message: {type: string, [field: string]: unknown}, onerror?: (error: {code: string}) => void) => boolean} Send
 * @typedef {object} Connection  once connected or lost, it is thrown away
 * @property {() => void} onconnected
 * @property {() => void} onfaint  nothing arrives any more
 * @property {() => void} onlost
 * @property {(people: string[]) => void} [onspeakers]
 * @property {RTCPeerConnection | null} pc
 * @property {boolean} alive
 * @property {boolean} [lingers]  carries on while the room goes to another node, beside a new one
 * @property {(track: MediaStreamTrack | null, slots: number) => Promise<{type: string, [field: string]: unknown}>} request
 * @property {(answer: any) => Promise<void>} accept  of whatever shape its request is answered in
 * @property {() => Promise<string>} restart  '': there is nothing to tell the server
 * @property {(fragment: string) => Promise<void>} restarted
 * @property {(track: MediaStreamTrack | null) => Promise<void>} replaceTrack
 * @property {(muted: boolean) => void} mute
 * @property {() => void} close
 *
 * @typedef {object} World
 * @property {string} room
 * @property {number} slots
 * @property {Send} send  over the room's WebSocket; without effect while that is down
 * @property {() => void} doubt  the WebSocket has to prove itself, as media fell silent
 * @property {MediaDevices | undefined} devices
 * @property {(outputs: VoiceOutputs) => Connection} connect  a connection of the kind that media is of here
 * @property {(people: string[]) => void} [onspeakers]  told by a connection that hears it itself
 * @property {() => HTMLAudioElement} createAudio
 * @property {Storage} session  forgets with the tab
 * @property {Storage} local
 * @property {Clock} clock
 * @property {() => number} random
 *
 * @typedef {object} VoiceView  what the screen shows
 * @property {import('./voice-machine.js').VoiceState} state
 * @property {boolean} muted
 * @property {boolean} listening  joined without a microphone
 * @property {Problem | null} problem  why it is off, or why there is no microphone
 * @property {boolean} soundBlocked  the browser wants a tap before it plays
 * @property {import('./voice-devices.js').Devices} devices
 * @property {string} input
 * @property {string} output
 */

export class VoiceSession {
  /** @type {VoiceView} */ view = {
    state: 'off', muted: false, listening: false, problem: null, soundBlocked: false,
    devices: NO_DEVICES, input: '', output: '',
  };
  /** Told of every new `view`. @type {(view: VoiceView) => void} */
  onchange = () => {};
  /** @type {Connection | null} */ #connection = null;
  /** From the node that the room was on before. @type {Handover | null} */ #handover = null;
  /** @type {unknown} */ #timer = null;
  #attempt = 0;

  /** @param {World} world */
  constructor(world) {
    this.world = world;
    this.microphone = new Microphone(world.devices);
    this.microphone.onended = () => this.#reopen();
    this.outputs = new VoiceOutputs(world.createAudio);
    this.outputs.onblocked = (soundBlocked) => this.#show({ soundBlocked });
    this.view.input = chosenDevice(world.local, 'input');
    this.view.output = chosenDevice(world.local, 'output');
  }

  /** The connection of now, for `window.waguVoice`. */
  get pc() {
    return this.#connection?.pc ?? null;
  }

  /** Join. @param {{listening?: boolean, muted?: boolean}} [options]  listening: do not ask for a microphone */
  async start({ listening = false, muted = false } = {}) {
    if (this.view.state !== 'off') return;
    this.#go('start', { problem: null, listening, muted });
    this.outputs.sink(this.view.output);
    if (!listening && !(await this.#openMicrophone())) return;
    if (!allows(this.view.state, 'ready')) return;
    this.#attempt = 0;
    this.#go('ready');
    this.#remember();
    this.refreshDevices();
    await this.#join();
  }

  /** Leave, at the person's wish. */
  stop() {
    if (this.view.state === 'off') return;
    this.world.send({ type: 'voice_leave' });
    forget(this.world.session);
    this.#end('stop', null);
  }

  /** The page is being left: let go of everything, but come back after a reload. */
  close() {
    this.#drop();
    this.microphone.close();
    this.outputs.clear();
    this.#handover?.end();
  }

  /** The room was joined, for the first time or again. */
  async joined() {
    const before = kept(this.world.session, this.world.room);
    if (this.view.state === 'off' && before) await this.start(before);
    else if (allows(this.view.state, 'rejoined')) {
      this.#attempt = 0;
      this.#go('rejoined');
      await this.#join();
    }
  }

  /** The room goes to another node: what there is carries on beside the connection to come. */
  moved() {
    if (this.view.state !== 'on' || !this.#connection?.lingers) return;
    this.#handover?.end();
    const former = this.#connection;
    this.#connection = null;
    this.#handover = new Handover(former, this.outputs, this.world.clock, () => this.#connection ?? this.#lost());
  }

  /**
   * A `replaced` while another offer of ours is on its way is about the one before, and no news.
   * @param {string} reason  of `voice_closed`
   */
  closed(reason) {
    if (reason !== 'replaced') this.#lost();
    else if (this.view.state === 'on') {
      forget(this.world.session);
      this.#end('replaced', 'replaced');
    }
  }

  /** @param {unknown} answer  `voice_answer` or `voice_token` */
  async answered(answer) {
    if (this.view.state !== 'joining' || !this.#connection) return;
    const connection = this.#connection;
    this.#disarm();
    this.#go('answered');
    try {
      await connection.accept(answer);
      if (this.view.muted || this.view.listening) this.#tellMuted(true);
    } catch {
      if (connection === this.#connection) this.#lost();
    }
  }

  /** @param {string} fragment  of `voice_restarted` */
  async restarted(fragment) {
    const connection = this.#connection;
    await connection?.restarted(fragment).catch(() => connection === this.#connection && this.#lost());
  }

  /** @param {boolean} muted */
  mute(muted) {
    const { track } = this.microphone;
    if (track) track.enabled = !muted;
    this.#show({ muted });
    if (this.view.state === 'off') return;
    this.#remember();
    if (['connecting', 'on'].includes(this.view.state)) this.#tellMuted(muted);
  }

  /** @param {string} deviceId */
  async chooseInput(deviceId) {
    chooseDevice(this.world.local, 'input', deviceId);
    this.#show({ input: deviceId });
    if (this.view.state !== 'off') await this.#reopen();
  }

  /** @param {string} deviceId */
  async chooseOutput(deviceId) {
    chooseDevice(this.world.local, 'output', deviceId);
    this.#show({ output: deviceId });
    await this.outputs.sink(deviceId);
  }

  async refreshDevices() {
    this.#show({ devices: await listDevices(this.world.devices) });
  }

  /** Devices came or went. */
  async devicesChanged() {
    await this.refreshDevices();
    await this.outputs.sink(this.view.output);
    const appeared = this.view.problem === 'none' && this.view.devices.inputs.length > 0;
    if (this.microphone.stale || appeared) await this.#reopen();
  }

  /** The page is in front again: phones take microphone, sound and network away behind its back. */
  async resume() {
    if (this.view.state === 'off') return;
    if (this.microphone.stale) await this.#reopen();
    await this.outputs.resume();
    if (this.view.state === 'waiting') await this.#retry();
    else if (this.view.state === 'on' && this.#connection?.alive === false) this.#lost();
  }

  /** @returns {Promise<boolean>}  false: the voice is off again, `problem` says why */
  async #openMicrophone() {
    try {
      const track = await this.microphone.open(this.view.input);
      track.enabled = !this.view.muted;
      if (allows(this.view.state, 'ready')) return true;
      this.microphone.close();
    } catch (error) {
      const problem = error instanceof MicrophoneError ? error.problem : 'busy';
      if (problem === 'none') {
        this.#show({ listening: true, problem });
        return true;
      }
      if (allows(this.view.state, 'refused')) this.#end('refused', problem);
    }
    return false;
  }

  /** The microphone was taken away or another one chosen: record with what there is now. */
  async #reopen() {
    if (this.view.state === 'off') return;
    try {
      const track = await this.microphone.open(this.view.input);
      track.enabled = !this.view.muted;
      await this.#record(track);
      if (this.view.listening) this.#tellMuted(this.view.muted);
      this.#show({ listening: false, problem: null });
    } catch (error) {
      const problem = error instanceof MicrophoneError ? error.problem : 'busy';
      this.microphone.close();
      await this.#record(null);
      this.#tellMuted(true);
      this.#show({ listening: true, problem });
    }
  }

  /** With this from now on. @param {MediaStreamTrack | null} track */
  async #record(track) {
    await Promise.all([this.#connection, this.#handover].map((each) => each?.replaceTrack(track)));
  }

  async #join() {
    this.#drop();
    const connection = this.world.connect(this.outputs);
    this.#connection = connection;
    connection.onconnected = () => this.#connected();
    connection.onlost = () => this.#lost();
    connection.onfaint = () => void this.#restart(connection);
    connection.onspeakers = this.world.onspeakers;
    const request = await connection.request(this.microphone.track, this.world.slots);
    if (connection !== this.#connection) return;
    this.#timer = this.world.clock.after(ANSWER, () => this.#lost());
    this.world.send(request, ({ code }) => {
      if (connection === this.#connection && this.view.state === 'joining') this.#refused(code);
    });
  }

  /**
   * Another network, or a router that forgot us: ICE is restarted over the WebSocket. When that has
   * gone as well it has to come back first, and the offer is made again.
   *
   * @param {Connection} connection
   */
  async #restart(connection) {
    this.world.doubt();
    const fragment = await connection.restart();
    if (!fragment || connection !== this.#connection) return;
    this.world.send({ type: 'voice_restart', fragment }, () => {
      if (connection === this.#connection) this.#lost();
    });
  }

  #connected() {
    if (!allows(this.view.state, 'connected')) return;
    this.#attempt = 0;
    this.#go('connected');
    this.#handover?.arrived();
  }

  /** @param {string} code */
  #refused(code) {
    if (FINAL[code]) this.#end('refused', FINAL[code]);
    else this.#lost();
  }

  #lost() {
    if (!allows(this.view.state, 'lost')) return;
    this.#drop();
    this.#handover?.relapsed();
    this.#go('lost');
    const wait = backoff(this.#attempt, this.world.random());
    this.#attempt += 1;
    this.#timer = this.world.clock.after(wait, () => this.#retry());
  }

  async #retry() {
    if (!allows(this.view.state, 'retry')) return;
    this.#go('retry');
    await this.#join();
  }

  /** @param {'stop' | 'replaced' | 'refused'} event @param {Problem | null} problem */
  #end(event, problem) {
    this.close();
    this.#go(event, { problem, listening: false, muted: false });
  }

  #drop() {
    this.#disarm();
    this.#connection?.close();
    this.#connection = null;
  }

  #disarm() {
    if (this.#timer !== null) this.world.clock.cancel(this.#timer);
    this.#timer = null;
  }

  /** @param {boolean} muted */
  #tellMuted(muted) {
    this.#connection?.mute(muted);
    this.world.send({ type: 'voice_mute', muted });
  }

  #remember() {
    const { muted, listening } = this.view;
    keep(this.world.session, { room: this.world.room, muted, listening });
  }

  /** @param {import('./voice-machine.js').VoiceEvent} event @param {Partial<VoiceView>} [change] */
  #go(event, change = {}) {
    this.#show({ ...change, state: next(this.view.state, event) });
  }

  /** @param {Partial<VoiceView>} change */
  #show(change) {
    this.view = { ...this.view, ...change };
    this.onchange(this.view);
  }
}
