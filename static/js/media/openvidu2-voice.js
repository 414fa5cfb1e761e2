/** One connection of the voice room at an OpenVidu 2, from its token to its end, as `VoiceSession` wants one. */
import { enterSession, send } from './openvidu2-session.js';

/**
 * @typedef {import('./openvidu2-session.js').Sdk} Sdk
 * @typedef {import('./openvidu2-session.js').Sender} Sender
 */

export class OpenViduVoice {
  /** @type {Awaited<ReturnType<typeof enterSession>> | null} */ #entered = null;
  /** @type {import('openvidu-browser').Publisher | null} */ #publisher = null;
  /** @type {MediaStreamTrack | null} */ #track = null;
  /** @type {Set<string>} */ #speaking = new Set();
  #muted = false;
  #closed = false;
  onconnected = () => {};
  /** The library tries to come back by itself. */
  onfaint = () => {};
  onlost = () => {};
  /** Who speaks now. @type {(people: string[]) => void} */
  onspeakers = () => {};

  /**
   * @param {import('../voice-outputs.js').VoiceOutputs} outputs
   * @param {() => Promise<Sdk>} load
   */
  constructor(outputs, load) {
    this.outputs = outputs;
    this.load = load;
    /** Not ours to show: the library has one for each voice. */
    this.pc = null;
  }

  /** What is asked of our own server. @param {MediaStreamTrack | null} track */
  async request(track) {
    this.#track = track;
    return { type: 'voice_enter' };
  }

  /** @param {{token: string}} ticket */
  async accept(ticket) {
    const entered = await enterSession(await this.load(), ticket, {
      faint: (faint) => faint && this.onfaint(),
      lost: () => this.#lose(),
      received: (_, stream) => this.#closed || stream.getAudioTracks().forEach((track) => this.outputs.add(track)),
      ended: (_, stream) => stream.getAudioTracks().forEach((track) => this.outputs.remove(track)),
      speaks: (from, speaks) => this.#closed || this.#speaks(from, speaks),
    });
    if (this.#closed) return void entered.session.disconnect();
    this.#entered = entered;
    await this.#publish();
    if (!this.#closed) this.onconnected();
  }

  /** ICE is the library's. */
  async restart() {
    return '';
  }

  async restarted() {}

  /** @param {MediaStreamTrack | null} track */
  async replaceTrack(track) {
    this.#track = track;
    if (track && this.#publisher) await this.#publisher.replaceTrack(track.clone());
    else if (track) await this.#publish();
    else if (this.#publisher) {
      const former = this.#publisher;
      this.#publisher = null;
      await this.#entered?.session.unpublish(former);
    }
  }

  /** Nobody else can: this server has no such call. @param {boolean} muted */
  mute(muted) {
    this.#muted = muted;
    this.#publisher?.publishAudio(!muted);
  }

  get alive() {
    return !this.#closed;
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.outputs.silence();
    this.onspeakers([]);
    this.#entered?.session.disconnect();
  }

  async #publish() {
    if (!this.#track || !this.#entered) return;
    const { openvidu, session } = this.#entered;
    this.#publisher = await send(openvidu, session, { audio: this.#track }, { audio: this.#muted, video: true });
  }

  /** @param {Sender} from @param {boolean} speaks */
  #speaks({ peer }, speaks) {
    const [person] = peer.split(':', 1);
    if (speaks) this.#speaking.add(person);
    else this.#speaking.delete(person);
    this.onspeakers([...this.#speaking]);
  }

  #lose() {
    if (this.#closed) return;
    this.close();
    this.onlost();
  }
}
