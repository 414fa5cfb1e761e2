/**
 * Watching over WebRTC, and by HLS when the browser cannot decode the live there: some decode H.264 in a
 * video element only.
 */
import { computed, effect, signal } from '@preact/signals-core';

const CANNOT_DECODE = 'media.codec_unsupported';

/**
 * @typedef {import('../media.js').WatchSession} WatchSession
 */

/**
 * @param {WatchSession} first
 * @param {() => Promise<WatchSession>} begin  the other way; when that fails, the first one goes on trying
 * @returns {WatchSession}
 */
export function withFallback(first, begin) {
  const session = signal(first);
  let over = false;
  const stop = effect(() => {
    if (first.error.value?.code !== CANNOT_DECODE) return;
    void begin().then(turn, () => {});
  });

  /** @param {WatchSession} other */
  function turn(other) {
    if (over) return void other.leave();
    over = true;
    stop();
    void first.leave();
    session.value = other;
  }

  return {
    state: computed(() => session.value.state.value),
    error: computed(() => session.value.error.value),
    faint: computed(() => session.value.faint.value),
    source: computed(() => session.value.source.value),
    guests: computed(() => session.value.guests.value),
    check: () => session.value.check(),
    move: () => session.value.move(),
    leave() {
      over = true;
      stop();
      return session.value.leave();
    },
  };
}
