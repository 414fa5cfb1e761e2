/** Somebody in a list: their face and name lead to them, and one may follow them on the spot. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Avatar } from '../ui/avatar.js';
import { FollowButton } from './follow-button.js';
import { memberPath } from './paths.js';

/** @param {{bond: import('../types.js').Bond}} props */
export function BondTag({ bond }) {
  const key = bond.blocks ? 'people.blocked' : bond.friends ? 'people.friends' : bond.followed ? 'people.follows_you' : null;
  return key && html`<span class=${`bond-tag${bond.friends ? ' friends' : ''}`}>${t(key)}</span>`;
}

/**
 * @param {{someone: import('../types.js').Someone, action?: unknown}} props  `action` stands where the follow button would
 */
export function PersonRow({ someone, action }) {
  const { username, name, bond } = someone;
  return html`
    <div class="someone">
      <a class="someone-link" href=${memberPath(username)}>
        <${Avatar} person=${someone} size=${48} />
        <span class="someone-words">
          <span class="someone-name"><b class="truncate">${name}</b><${BondTag} bond=${bond} /></span>
          <span class="muted small truncate">@${username}</span>
        </span>
      </a>
      ${action ?? html`<${FollowButton} someone=${someone} />`}
    </div>
  `;
}
