/**
 * A room goes to another node: what carried the voice until then carries on beside the connection that is
 * made there, so that nobody misses anybody. Never are both heard, which would be an echo.
 */

/**
 * From when we are connected there (ms): how long the former connection is heard, until most of the others
 * are there too, and how long it carries our voice, for those who still listen to it. Their waits differ
 * by half a second (`backoff`).
 */
const HEARD_ON = 1_000;
const SPEAKS_ON = 2_000;

/** @typedef {import('./voice-session.js').Connection} Connection */

export class Handover {
  /** @type {unknown[]} */ #timers = [];

  /**
   * @param {Connection} former
   * @param {import('./voice-outputs.js').VoiceOutputs} outputs
   * @param {import('./voice-session.js').Clock} clock
   * @param {() => void} onlost  the former one ended by itself
   */
  constructor(former, outputs, clock, onlost) {
    this.former = former;
    this.outputs = outputs;
    this.clock = clock;
    former.onconnected = () => {};
    former.onfaint = () => this.outputs.release();
    former.onlost = () => {
      this.end();
      onlost();
    };
    outputs.hold();
  }

  /** There is a connection to the other node. */
  arrived() {
    this.#timers = [
      this.clock.after(HEARD_ON, () => this.outputs.release()),
      this.clock.after(SPEAKS_ON, () => this.end()),
    ];
  }

  /** And it was lost. */
  relapsed() {
    for (const timer of this.#timers.splice(0)) this.clock.cancel(timer);
  }

  /** @param {MediaStreamTrack | null} track */
  replaceTrack(track) {
    return this.former.replaceTrack(track);
  }

  /** Idempotent. */
  end() {
    this.relapsed();
    this.former.close();
    this.outputs.release();
  }
}
