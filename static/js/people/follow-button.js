/** Follow somebody, or no more. Whoever has no account is shown to the door, and comes back here. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { loginPath, person } from '../session.js';
import { Button } from '../ui/button.js';
import { toast } from '../ui/toast.js';
import { followWish } from './follow-wish.js';
import { memberPath } from './paths.js';

/** @typedef {import('../types.js').Someone} Someone */

/**
 * Nothing for oneself, nor for whom one blocked.
 *
 * @param {{someone: Someone, onProfile?: (profile: import('../types.js').Profile) => void, class?: string}} props
 *   `onProfile`: the server's answer, with its counts
 */
export function FollowButton({ someone, onProfile, class: extra = 'compact' }) {
  const [follows, toggle] = useFollowing(someone, onProfile);
  const { name, bond } = someone;
  if (bond.oneself || bond.blocks) return null;
  if (person.value?.kind !== 'member') {
    return html`<${Button} class=${extra} href=${loginPath()} aria-label=${t('people.follow_who', { name })}>${t('people.follow')}<//>`;
  }
  const label = t(follows ? 'people.unfollow_who' : 'people.follow_who', { name });
  return html`<${Button} class=${extra} kind=${follows ? 'secondary' : 'primary'} icon=${follows ? 'check' : undefined} aria-label=${label} onClick=${toggle}>
    ${t(follows ? 'people.following' : 'people.follow')}
  <//>`;
}

/**
 * @param {Someone} someone
 * @param {((profile: import('../types.js').Profile) => void) | undefined} onProfile
 * @returns {[boolean, () => void]}
 */
function useFollowing(someone, onProfile) {
  const [follows, setFollows] = useState(someone.bond.follows);
  const wish = useRef(/** @type {ReturnType<typeof followWish> | null} */ (null));
  const tell = useRef(onProfile);
  tell.current = onProfile;
  useEffect(() => {
    setFollows(someone.bond.follows);
    wish.current = followWish({
      follows: someone.bond.follows,
      show: setFollows,
      send: async (follow) => {
        const path = `${memberPath(someone.username, '/api')}/follow`;
        const { member } = await (follow ? api.put(path) : api.delete(path));
        someone.bond = member.bond; // in place: a list that is shown again when one comes back holds this object
        tell.current?.(member);
      },
      failed: (error, follow) => {
        const what = t(follow ? 'people.follow_failed' : 'people.unfollow_failed', { name: someone.name });
        toast(`${what} ${errorText(error)}`, { kind: 'error' });
      },
    });
  }, [someone]);
  return [follows, () => void wish.current?.()];
}
