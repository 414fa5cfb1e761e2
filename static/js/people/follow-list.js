/** Who follows somebody, or whom they follow: one page of two tabs. */
import { useEffect } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { person, requirePerson } from '../session.js';
import { IconButton } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Page } from '../ui/page.js';
import { Pager, usePages } from '../ui/pager.js';
import { Loading } from '../ui/spinner.js';
import { TabLinks } from './member-tabs.js';
import { Nobody } from './nobody.js';
import { memberPath } from './paths.js';
import { PersonRow } from './person-row.js';
import { useProfile } from './use-profile.js';

/** @param {any} body @returns {import('../types.js').Someone[]} */
export const takePeople = (body) => body.people;

/** @param {{username: string, which: 'followers' | 'followings'}} props */
export function FollowList({ username, which }) {
  useEffect(() => void requirePerson(), []);
  return person.value?.kind === 'member' ? html`<${List} username=${username} which=${which} />` : null;
}

/** @param {{username: string, which: 'followers' | 'followings'}} props */
function List({ username, which }) {
  const { profile, error, reload } = useProfile(username);
  const pages = usePages(`${memberPath(username, '/api')}/${which}`, takePeople);
  if (!profile) return error ? html`<${Nobody} error=${error} onRetry=${reload} />` : html`<${Loading} />`;
  const { name, bond } = profile;
  const path = memberPath(username);
  const tabs = ['followers', 'followings'].map((key) => ({ key, href: `${path}/${key}`, text: t(`people.${key}`) }));
  return html`
    <${Page} title=${t(`people.${which}_of`, { name })} actions=${html`<${IconButton} icon="x" label=${t('people.to_profile', { name })} href=${path} />`}>
      <div class="people-list">
        <nav aria-label=${t('people.tabs', { name })}><${TabLinks} tabs=${tabs} here=${which} /></nav>
        ${pages.ready && pages.items.length === 0
          ? html`<${EmptyState} title=${t(`people.no_${which}${bond.oneself ? '_mine' : ''}`, { name })} />`
          : html`<ul>${pages.items.map((someone) => html`<li key=${someone.id}><${PersonRow} someone=${someone} /></li>`)}</ul>`}
        <${Pager} pages=${pages} />
      </div>
    <//>
  `;
}
