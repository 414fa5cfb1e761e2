/** A media session for as long as a view is there; it checks itself when the room's socket comes back. */
import { effect, untracked } from '@preact/signals-core';
import { useEffect, useState } from 'preact/hooks';
import { backoff } from '../backoff.js';

/**
 * @template {import('../media.js').MediaSession | import('../media.js').WatchSession} S
 * @param {import('./room.js').LiveRoom} room
 * @param {boolean} wanted
 * @param {() => Promise<S>} begin
 * @returns {{session: S | null, error: unknown}} `error`: why it did not even begin; it is tried again
 */
export function useMedia(room, wanted, begin) {
  const [session, setSession] = useState(/** @type {S | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  useEffect(() => {
    if (!wanted) return undefined;
    let gone = false;
    /** @type {S | null} */
    let held = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    let stopDoubting = () => {};
    const go = async (attempt = 0) => {
      try {
        const begun = await begin();
        if (gone) return void begun.leave();
        held = begun;
        stopDoubting = effect(() => {
          if (begun.faint.value) untracked(() => room.socket.doubt());
        });
        setSession(held);
        setError(null);
      } catch (reason) {
        if (gone) return;
        setError(reason);
        timer = setTimeout(() => go(attempt + 1), backoff(attempt, Math.random()));
      }
    };
    void go();
    const stopListening = listen(room, () => held?.check());
    const stopMoving = room.socket.on('moved', () => held?.move());
    return () => {
      gone = true;
      clearTimeout(timer);
      stopListening();
      stopMoving();
      stopDoubting();
      setSession(null);
      void held?.leave();
    };
  }, [room, wanted]);
  return { session, error };
}

/**
 * The moments at which media may have died or become possible: the socket is back after a loss, the
 * live went on air, the network or the page came back.
 *
 * @param {import('./room.js').LiveRoom} room
 * @param {() => void} check
 */
function listen(room, check) {
  let joins = 0;
  let state = room.live.peek().state;
  const offJoined = room.socket.on('joined', () => {
    joins += 1;
    if (joins > 1) check();
  });
  const offLive = room.socket.on('live', ({ live }) => {
    if (live.state === 'on_air' && state !== 'on_air') check();
    state = live.state;
  });
  const onVisible = () => document.visibilityState === 'visible' && check();
  window.addEventListener('online', check);
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    offJoined();
    offLive();
    window.removeEventListener('online', check);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
