/**
 * The host's camera and microphone. It outlives the preview, so that going on air keeps the picture,
 * and remembers in the tab what was on, so that a reload goes on by itself.
 */
import { signal } from '@preact/signals';
import { CameraError, listDevices, openCamera } from './camera.js';

const KEPT = 'wagu.hosting';

/**
 * @typedef {import('./camera.js').Wanted} Wanted
 * @typedef {import('./camera.js').CameraProblem} CameraProblem
 * @typedef {{muted: boolean, hidden: boolean}} Shut
 */

export class Studio {
  constructor() {
    /** @type {import('@preact/signals').Signal<MediaStream | null>} */
    this.stream = signal(/** @type {MediaStream | null} */ (null));
    /** @type {import('@preact/signals').Signal<CameraProblem | null>} */
    this.problem = signal(/** @type {CameraProblem | null} */ (null));
    this.opening = signal(false);
    /** @type {import('@preact/signals').Signal<Wanted>} */
    this.wanted = signal(/** @type {Wanted} */ ({ video: true, facing: 'user' }));
    this.devices = signal({ cameras: /** @type {MediaDeviceInfo[]} */ ([]), microphones: /** @type {MediaDeviceInfo[]} */ ([]) });
    /** What the host shut for a while; the devices stay open. @type {import('@preact/signals').Signal<Shut>} */
    this.shut = signal({ muted: false, hidden: false });
    /** @private */
    this.turn = 0;
  }

  /**
   * Open what is wanted (or something else); the old tracks are closed first, as phones cannot hold
   * two cameras.
   *
   * @param {Partial<Wanted>} [change]
   * @returns {Promise<boolean>}
   */
  async open(change = {}) {
    this.turn += 1;
    const turn = this.turn;
    this.wanted.value = { ...this.wanted.value, ...change };
    this.opening.value = true;
    stop(this.stream.value);
    try {
      const stream = await openCamera(this.wanted.value);
      if (this.turn !== turn) stop(stream);
      else this.take(stream);
    } catch (error) {
      if (this.turn === turn) this.fail(error);
    }
    if (this.turn === turn) this.opening.value = false;
    return this.turn === turn && this.stream.value !== null;
  }

  /** The other side of the phone, or the next camera of a desktop. */
  async flip() {
    const { cameras } = this.devices.value;
    const track = this.stream.value?.getVideoTracks()[0];
    const { facingMode, deviceId } = track?.getSettings() ?? {};
    if (facingMode) return this.open({ camera: undefined, facing: facingMode === 'environment' ? 'user' : 'environment' });
    const at = cameras.findIndex((camera) => camera.deviceId === deviceId);
    return this.open({ camera: cameras[(at + 1) % cameras.length]?.deviceId });
  }

  /** Mute the microphone or hide the picture. @param {Partial<Shut>} change */
  shutOff(change) {
    this.shut.value = { ...this.shut.value, ...change };
    this.apply();
  }

  /** Let go of both; the browser's recording light goes out. */
  close() {
    this.turn += 1;
    stop(this.stream.value);
    this.stream.value = null;
    this.problem.value = null;
    this.opening.value = false;
    this.shut.value = { muted: false, hidden: false };
    this.wanted.value = { ...this.wanted.value, small: false };
  }

  /** @param {string} live */
  remember(live) {
    sessionStorage.setItem(KEPT, JSON.stringify({ live, wanted: this.wanted.value }));
  }

  forget() {
    sessionStorage.removeItem(KEPT);
  }

  /** Whether this tab was on air with this live; takes up the same devices. @param {string} live */
  recall(live) {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
      if (kept?.live !== live) return false;
      this.wanted.value = kept.wanted;
      return true;
    } catch {
      return false;
    }
  }

  /** @private @param {MediaStream} stream */
  take(stream) {
    this.problem.value = null;
    this.stream.value = stream;
    this.apply();
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', () => this.stream.value === stream && this.problem.value === null && void this.open());
    }
    void listDevices().then((devices) => (this.devices.value = devices));
  }

  /** @private @param {unknown} error */
  fail(error) {
    this.stream.value = null;
    this.problem.value = error instanceof CameraError ? error.problem : 'failed';
  }

  /** @private */
  apply() {
    const { muted, hidden } = this.shut.value;
    for (const track of this.stream.value?.getAudioTracks() ?? []) track.enabled = !muted;
    for (const track of this.stream.value?.getVideoTracks() ?? []) track.enabled = !hidden;
  }
}

/** One per tab, as there is one camera. */
export const studio = new Studio();

/** @param {MediaStream | null} stream */
function stop(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
