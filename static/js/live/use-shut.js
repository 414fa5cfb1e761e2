/** What is shut in the studio is told to whatever sends it: not every kind of media sees it by the track. */
import { useEffect } from 'preact/hooks';
import { studio } from './studio.js';

/** @param {import('../media.js').MediaSession | null} session */
export function useShut(session) {
  const { muted, hidden } = studio.shut.value;
  useEffect(() => {
    session?.mute('audio', muted);
    session?.mute('video', hidden);
  }, [session, muted, hidden]);
}
