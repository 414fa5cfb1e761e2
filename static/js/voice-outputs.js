/**
 * Where friends are heard: one `<audio>` element per slot. Elements, not an AudioContext: iOS keeps
 * them through a phone call, and echo cancellation only knows what elements play.
 */

export class VoiceOutputs {
  /** @type {HTMLAudioElement[]} */ #elements = [];
  /** Elements the browser would not play. @type {Set<HTMLAudioElement>} */ #held = new Set();
  /** Tracks by slot that are not heard yet. @type {Map<number, MediaStreamTrack> | null} */ #waiting = null;
  #sink = '';
  /** Told whether the browser forbids sound until a tap. @type {(blocked: boolean) => void} */
  onblocked = () => {};

  /** @param {() => HTMLAudioElement} create  an element that is, or need not be, in the document */
  constructor(create) {
    this.create = create;
  }

  /** @param {number} slot @param {MediaStreamTrack} track */
  attach(slot, track) {
    if (this.#waiting) return void this.#waiting.set(slot, track);
    const element = (this.#elements[slot] ??= this.#make());
    element.srcObject = new MediaStream([track]);
    this.#play(element);
  }

  /** The first that is free. @param {MediaStreamTrack} track */
  add(track) {
    const free = this.#elements.findIndex(({ srcObject }) => srcObject === null);
    this.attach(free < 0 ? this.#elements.length : free, track);
  }

  /** @param {MediaStreamTrack} track */
  remove(track) {
    for (const element of this.#elements) {
      const stream = /** @type {MediaStream | null} */ (element.srcObject);
      if (stream?.getTracks().includes(track)) element.srcObject = null;
    }
  }

  /** What is heard goes on, and what is attached from here on waits. */
  hold() {
    this.#waiting ??= new Map();
  }

  /** What waits is heard instead. */
  release() {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.forEach((track, slot) => this.attach(slot, track));
  }

  /** Nothing is heard; the elements stay, since the browser has allowed them to play. */
  silence() {
    for (const element of this.#elements) element.srcObject = null;
  }

  /** @param {string} deviceId  '' is the system's default */
  async sink(deviceId) {
    this.#sink = deviceId;
    await Promise.all(this.#elements.map((element) => this.#route(element)));
  }

  /** After a tap, or when the page comes back: whatever was paused plays on. */
  async resume() {
    await Promise.all(this.#elements.filter(({ srcObject }) => srcObject).map((element) => this.#play(element)));
  }

  /** Silence, and the tracks are let go. */
  clear() {
    for (const element of this.#elements) {
      element.srcObject = null;
      element.remove();
    }
    this.#elements = [];
    this.#waiting = null;
    this.#held.clear();
    this.onblocked(false);
  }

  #make() {
    const element = this.create();
    element.autoplay = true;
    this.#route(element);
    return element;
  }

  /** @param {HTMLAudioElement} element */
  async #route(element) {
    if (!('setSinkId' in element)) return;
    // A speaker that was unplugged is no reason for silence: the default takes over.
    await element.setSinkId(this.#sink).catch(() => element.setSinkId('').catch(() => {}));
  }

  /** @param {HTMLAudioElement} element */
  async #play(element) {
    try {
      await element.play();
      this.#held.delete(element);
    } catch (error) {
      // AbortError only says that a newer track came in between.
      if (/** @type {{name?: string}} */ (error).name === 'NotAllowedError') this.#held.add(element);
    }
    this.onblocked(this.#held.size > 0);
  }
}
