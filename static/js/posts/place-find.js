/** Where the lists of places come from: our own by name, outside ones, those near a point. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { config } from '../config.js';
import { boxAround, byDistance } from './nearby.js';

/**
 * @typedef {import('./draft.js').DraftPlace} DraftPlace
 * @typedef {import('../types.js').LatLng} LatLng
 * @typedef {{places: DraftPlace[] | null, busy: boolean, failed: boolean}} Answer
 */

const PAUSE = 250; // ms without a key
const NEAR = 700; // metres: a photo is taken at the table, a phone finds itself to within a street
const SHOWN = 8;

/** @type {Answer} */
const NOTHING = { places: null, busy: false, failed: false };

/**
 * What is at `path`, once it has stood still; the answer before stays until then.
 *
 * @param {string | null} path @param {number} pause ms @returns {Answer & {body: any}}
 */
function useAnswer(path, pause) {
  const [answer, setAnswer] = useState(/** @type {Answer & {body: any}} */ ({ ...NOTHING, body: null }));
  useEffect(() => {
    if (path === null) {
      setAnswer({ ...NOTHING, body: null });
      return undefined;
    }
    let outdated = false;
    setAnswer((old) => ({ ...old, busy: true }));
    const timer = setTimeout(() => {
      api.get(path).then(
        (body) => !outdated && setAnswer({ places: body.places, busy: false, failed: false, body }),
        () => !outdated && setAnswer({ ...NOTHING, failed: true, body: null }),
      );
    }, pause);
    return () => {
      outdated = true;
      clearTimeout(timer);
    };
  }, [path]);
  return answer;
}

/** Places that are known here. @param {string} text @returns {Answer} */
export function usePlaces(text) {
  return useAnswer(text ? `/api/places?limit=${SHOWN}&q=${encodeURIComponent(text)}` : null, PAUSE);
}

/**
 * Places that the host lets us ask others about: as one types where they allow it, else by a button.
 *
 * @param {string} text @param {LatLng | null} near
 */
export function useOutside(text, near) {
  const { provider = 'own', as_you_type: eager = false } = config.value?.place_search ?? {};
  const [askedFor, setAskedFor] = useState('');
  const offered = provider !== 'own' && !eager && askedFor !== text;
  const asked = provider !== 'own' && (eager || askedFor === text);
  const at = near ? `&at=${near.map((one) => one.toFixed(5)).join()}` : '';
  const answer = useAnswer(asked ? `/api/places/external?q=${encodeURIComponent(text)}${at}` : null, eager ? PAUSE : 0);
  return { ...answer, asked, offered, ask: () => setAskedFor(text), credit: String(answer.body?.attribution ?? '') };
}

/**
 * Without a name: places near a photo, near the person who asks for it, or those that were added last.
 *
 * @param {LatLng | null} photo
 */
export function useNearby(photo) {
  const [here, setHere] = useState(/** @type {LatLng | null} */ (null));
  const [locating, setLocating] = useState(false);
  const [noPosition, setNoPosition] = useState(false);
  const at = here ?? photo;
  const answer = useAnswer(at ? `/api/places?limit=100&bbox=${boxAround(at, NEAR)}` : `/api/places?limit=${SHOWN}`, 0);
  const locate = () => {
    setLocating(true);
    setNoPosition(false);
    const end = () => setLocating(false);
    const found = (/** @type {GeolocationPosition} */ { coords }) => (end(), setHere([coords.latitude, coords.longitude]));
    const lost = () => (end(), setNoPosition(true));
    if (navigator.geolocation) navigator.geolocation.getCurrentPosition(found, lost, { timeout: 10_000, maximumAge: 60_000, enableHighAccuracy: true });
    else lost();
  };
  const places = at && answer.places ? byDistance(answer.places, at).slice(0, SHOWN) : answer.places;
  const kind = /** @type {'here' | 'photo' | 'latest'} */ (here ? 'here' : photo ? 'photo' : 'latest');
  return { places, kind, at, failed: answer.failed, locate, locating, noPosition };
}
