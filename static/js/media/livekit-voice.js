/**
 * One connection of the voice room at a LiveKit server, from its token to its end, as `VoiceSession`
 * wants one. Everybody is heard: there are no slots to share, so each voice takes the first free output.
 */
import { enterRoom, personOf } from './livekit-room.js';

/** ms in which the server's mute and the word of who asked for it both arrive. */
const SETTLE = 500;

/** @typedef {import('./livekit-room.js').Sdk} Sdk */

export class LiveKitVoice {
  /** @type {import('livekit-client').Room | null} */ #room = null;
  /** @type {import('livekit-client').LocalTrackPublication | undefined} */ #sent = undefined;
  /** @type {MediaStreamTrack | null} */ #track = null;
  /** @type {Sdk | null} */ #sdk = null;
  #muted = false;
  #closed = false;
  onconnected = () => {};
  /** The library tries to come back by itself. */
  onfaint = () => {};
  onlost = () => {};
  /** Who speaks now, loudest first. @type {(people: string[]) => void} */
  onspeakers = () => {};

  /**
   * @param {import('../voice-outputs.js').VoiceOutputs} outputs
   * @param {import('../voice-session.js').Clock} clock
   * @param {() => Promise<Sdk>} load
   */
  constructor(outputs, clock, load) {
    this.outputs = outputs;
    this.clock = clock;
    this.load = load;
    /** Not ours to show: the library has several. */
    this.pc = null;
  }

  /** What is asked of our own server. @param {MediaStreamTrack | null} track */
  async request(track) {
    this.#track = track;
    return { type: 'voice_enter' };
  }

  /** @param {{url: string, token: string}} ticket */
  async accept(ticket) {
    const sdk = await this.load();
    this.#sdk = sdk;
    const news = { faint: (/** @type {boolean} */ faint) => faint && this.onfaint(), lost: () => this.#lose() };
    const room = await enterRoom(sdk, ticket, news, (made) => this.#listen(sdk, made));
    if (this.#closed) return void room.disconnect(false);
    this.#room = room;
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
    if (!this.#room) return;
    if (track && this.#sent?.track) await this.#sent.track.replaceTrack(track, true);
    else if (track) await this.#publish();
    else if (this.#sent?.track) {
      await this.#room.localParticipant.unpublishTrack(this.#sent.track.mediaStreamTrack, false);
      this.#sent = undefined;
    }
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#muted = muted;
    void (muted ? this.#sent?.mute() : this.#sent?.unmute());
  }

  get alive() {
    return !this.#closed;
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.outputs.silence();
    this.onspeakers([]);
    void this.#room?.disconnect(false);
  }

  async #publish() {
    if (!this.#track || !this.#room || !this.#sdk) return;
    const { Source } = this.#sdk.Track;
    this.#sent = await this.#room.localParticipant.publishTrack(this.#track, { source: Source.Microphone, dtx: true, red: true });
    if (this.#muted) await this.#sent.mute();
  }

  /** @param {Sdk} sdk @param {import('livekit-client').Room} room */
  #listen({ RoomEvent }, room) {
    room.on(RoomEvent.TrackSubscribed, (track) => this.#closed || this.outputs.add(track.mediaStreamTrack));
    room.on(RoomEvent.TrackUnsubscribed, (track) => this.outputs.remove(track.mediaStreamTrack));
    room.on(RoomEvent.ActiveSpeakersChanged, (speakers) => this.#closed || this.onspeakers([...new Set(speakers.map(personOf))]));
    room.on(RoomEvent.TrackMuted, (_, participant) => participant === room.localParticipant && this.#mutedThere());
  }

  /** By a moderator, who is about to say so; or by our own mute of before, which came late. */
  #mutedThere() {
    if (!this.#muted) this.clock.after(SETTLE, () => this.#closed || this.mute(this.#muted));
  }

  #lose() {
    if (this.#closed) return;
    this.close();
    this.onlost();
  }
}
