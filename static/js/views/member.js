/** Somebody's page: who they are, what they recorded, when they were live. One's own is the same, as others see it. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { takeLives } from '../live/card.js';
import { BlockedNotice } from '../people/block.js';
import { MemberLives, onAirOf } from '../people/member-lives.js';
import { MemberPosts } from '../people/member-posts.js';
import { MemberTabs, tabOf } from '../people/member-tabs.js';
import { memberPath } from '../people/paths.js';
import { Nobody } from '../people/nobody.js';
import { ProfileHead } from '../people/profile-head.js';
import { useProfile } from '../people/use-profile.js';
import { location } from '../router.js';
import { usePages } from '../ui/pager.js';
import { Loading } from '../ui/spinner.js';
import { useTitle } from '../ui/title.js';

/** @param {{params: Record<string, string>}} props */
export default function Member({ params }) {
  const { profile, error, change, reload } = useProfile(params.username);
  const visible = profile && !profile.bond.blocks;
  const lives = usePages(visible ? `${memberPath(params.username, '/api')}/lives` : null, takeLives);
  useTitle(profile ? profile.name : error ? t('people.nobody') : '');
  if (!profile) return error ? html`<${Nobody} error=${error} onRetry=${reload} />` : html`<${Loading} />`;
  const tab = tabOf(location.value.query);
  return html`
    <div class="page member" data-testid="member">
      <${ProfileHead} profile=${profile} onAir=${onAirOf(lives.items)} onProfile=${change} onBlock=${reload} />
      <div class="page-sheet">
        ${visible
          ? html`<div class="member-body">
              <${MemberTabs} profile=${profile} tab=${tab} />
              ${tab === 'lives' ? html`<${MemberLives} profile=${profile} lives=${lives} />` : html`<${MemberPosts} profile=${profile} />`}
            </div>`
          : html`<${BlockedNotice} profile=${profile} onUnblock=${reload} />`}
      </div>
    </div>
  `;
}
