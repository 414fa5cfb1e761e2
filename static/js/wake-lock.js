/** Keeps the screen on while something is watched or sent. */
import { useEffect } from 'preact/hooks';

export function useWakeLock() {
  useEffect(() => {
    /** @type {WakeLockSentinel | null} */
    let lock = null;
    let gone = false;
    const hold = async () => {
      if (document.visibilityState !== 'visible' || (lock && !lock.released)) return;
      lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null; // refused on low battery: fine
      if (gone) void lock?.release();
    };
    void hold();
    document.addEventListener('visibilitychange', hold); // the browser lets go of it when the page is hidden
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', hold);
      void lock?.release();
    };
  }, []);
}
