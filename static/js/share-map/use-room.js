/** Hooks of the room: how wide the screen is, and who is live nearby. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';

const WIDE = '(min-width: 900px)';

/** Lives start and end by the minute; this often is soon enough. */
const LIVES = 60_000;

/** Whether there is room for map and panel side by side. */
export function useWide() {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const onChange = () => setWide(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return wide;
}

/** Lives with a place, asked for gently and only while somebody looks. @param {import('./room-ui.js').RoomUi} ui */
export function useLives(ui) {
  useEffect(() => {
    const ask = async () => {
      if (document.visibilityState !== 'visible') return;
      const answer = await api.get('/api/lives').catch(() => null);
      if (!answer) return; // a missing answer is no reason to say anything: the next one comes in a minute
      ui.lives.value = answer.lives.filter((/** @type {import('../types.js').Live} */ { place }) => place);
    };
    const timer = setInterval(ask, LIVES);
    document.addEventListener('visibilitychange', ask);
    ask();
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, []);
}
