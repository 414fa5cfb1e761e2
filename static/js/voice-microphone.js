/**
 * The microphone: asks for it, keeps it, changes it, tells when it was taken away. Knows nothing of
 * connections. `MediaDevices` comes from outside and is undefined on pages without HTTPS.
 */

/** Why there is no microphone; `none` means the machine has none. */
/** @typedef {'insecure' | 'denied' | 'busy' | 'none'} MicrophoneProblem */

const PROCESSING = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** @type {Record<string, MicrophoneProblem>}  names of DOMException, as the browsers use them */
const PROBLEMS = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

export class MicrophoneError extends Error {
  /** @param {MicrophoneProblem} problem */
  constructor(problem) {
    super(`microphone: ${problem}`);
    this.problem = problem;
  }
}

export class Microphone {
  /** @type {MediaStream | null} */ #stream = null;
  /** @type {() => void} */ onended = () => {};

  /** @param {MediaDevices | undefined} devices */
  constructor(devices) {
    this.devices = devices;
  }

  /** The track that is being recorded, if there is one that lives. */
  get track() {
    const track = this.#stream?.getAudioTracks()[0];
    return track && track.readyState === 'live' ? track : null;
  }

  /** Interrupted by the system (a phone call) or gone: worth asking for again. */
  get stale() {
    return this.#stream !== null && (this.track === null || this.track.muted);
  }

  /** The device in use, '' when unknown. */
  get deviceId() {
    return this.track?.getSettings().deviceId ?? '';
  }

  /**
   * Ask for it. A chosen device that has gone falls back to the default one.
   * @param {string} [deviceId]
   * @throws {MicrophoneError}
   */
  async open(deviceId = '') {
    const stream = await this.#ask(deviceId).catch((error) => {
      if (deviceId && toProblem(error) === 'none') return this.#ask('');
      throw error;
    }).catch((error) => {
      throw error instanceof MicrophoneError ? error : new MicrophoneError(toProblem(error));
    });
    this.close();
    this.#stream = stream;
    for (const track of stream.getAudioTracks()) {
      track.addEventListener('ended', () => stream === this.#stream && this.onended());
    }
    return /** @type {MediaStreamTrack} */ (stream.getAudioTracks()[0]);
  }

  /** Let go of it: the browser's recording sign goes out. `ended` is not told. */
  close() {
    const stream = this.#stream;
    this.#stream = null;
    for (const track of stream?.getTracks() ?? []) track.stop();
  }

  /** @param {string} deviceId */
  async #ask(deviceId) {
    if (!this.devices?.getUserMedia) throw new MicrophoneError('insecure');
    const device = deviceId ? { deviceId: { exact: deviceId } } : {};
    return this.devices.getUserMedia({ audio: { ...PROCESSING, ...device }, video: false });
  }
}

/** @param {unknown} error @returns {MicrophoneProblem} */
function toProblem(error) {
  if (error instanceof MicrophoneError) return error.problem;
  return PROBLEMS[/** @type {{name?: string}} */ (error)?.name ?? ''] ?? 'busy';
}
