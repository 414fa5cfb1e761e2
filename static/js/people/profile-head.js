/** The top of a member's page: face, name, counts, and what one may do about them. */
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { person } from '../session.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { FollowButton } from './follow-button.js';
import { MemberMenu } from './member-menu.js';
import { memberPath } from './paths.js';
import { BondTag } from './person-row.js';

/** @typedef {import('../types.js').Profile} Profile */

/**
 * @param {object} props
 * @param {Profile} props.profile
 * @param {import('../types.js').Live | null} props.onAir
 * @param {(profile: Profile) => void} props.onProfile
 * @param {() => void} props.onBlock
 */
export function ProfileHead({ profile, onAir, onProfile, onBlock }) {
  const { name, username, bio, bond } = profile;
  return html`
    <header class="page-top on-dark member-head">
      <div class="member-who">
        <${Face} profile=${profile} onAir=${onAir} />
        <div class="member-names">
          <h1>${name}</h1>
          <p>@${username} <${BondTag} bond=${bond} /></p>
        </div>
        ${!bond.oneself && person.value?.kind === 'member' && html`<${MemberMenu} profile=${profile} onBlock=${onBlock} />`}
      </div>
      ${bio && html`<p class="member-bio">${bio}</p>`}
      <div class="member-foot">
        <${Counts} profile=${profile} />
        ${bond.oneself
          ? html`<${Button} kind="glass" class="compact" icon="pencil" href="/me/edit">${t('people.edit')}<//>`
          : html`<${FollowButton} someone=${profile} onProfile=${onProfile} />`}
      </div>
    </header>
  `;
}

/** Ringed, and a way to watch, while they are on air. @param {{profile: Profile, onAir: import('../types.js').Live | null}} props */
function Face({ profile, onAir }) {
  if (!onAir) return html`<${Avatar} person=${profile} size=${88} label=${t('people.face', { name: profile.name })} />`;
  return html`
    <a class="member-face" href=${`/live/${onAir.id}`} aria-label=${t('live.open', { host: profile.name, title: onAir.title })} data-testid="on-air">
      <${Avatar} person=${profile} size=${88} ring="live" /><span class="live-badge" aria-hidden="true">${t('live.badge')}</span>
    </a>
  `;
}

/** @param {{profile: Profile}} props */
function Counts({ profile }) {
  const { username, posts, followers, followings } = profile;
  const path = memberPath(username);
  return html`
    <ul class="member-counts">
      <li><a href=${path}>${count('people.posts', posts)}</a></li>
      <li><a href=${`${path}/followers`}>${count('people.followers', followers)}</a></li>
      <li><a href=${`${path}/followings`}>${count('people.followings', followings)}</a></li>
    </ul>
  `;
}

/** @param {string} key @param {number} n */
const count = (key, n) => html`<span>${t(key)}</span> <b>${n.toLocaleString(locale.value)}</b>`;
