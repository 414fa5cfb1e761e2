/** Who is live: everybody, or those one follows. */
import { ChoiceLinks } from '../finding/choice-links.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { LIVES_EVERY, LiveCard, takeLives } from '../live/card.js';
import { useFetched } from '../poll.js';
import { location } from '../router.js';
import { person } from '../session.js';
import { EmptyTable } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Page } from '../ui/page.js';
import { Loading } from '../ui/spinner.js';

const MOST = 50; // of a server; who would scroll further looks on the map
const ORDER = ['on_air', 'interrupted', 'waiting', 'ended'];
const SCOPES = ['everyone', 'following'];

export default function Lives() {
  const member = person.value?.kind === 'member';
  const scope = member && location.value.query.get('scope') === 'following' ? 'following' : 'everyone';
  return html`
    <${Page} title=${t('live.title')} text=${t('live.intro')} name="lives" actions=${html`<${Button} class="compact" icon="radio" href="/live/new">${t('live.start')}<//>`}>
      ${member &&
      html`<${ChoiceLinks} label=${t('live.whose')} current=${scope}
        choices=${SCOPES.map((name) => ({ name, href: name === 'everyone' ? '/live' : `/live?scope=${name}`, text: t(`feed.${name}`) }))} />`}
      <${List} key=${scope} scope=${scope} />
    <//>
  `;
}

/** @param {{scope: string}} props */
function List({ scope }) {
  const { data: lives, error, reload } = useFetched(`/api/lives?scope=${scope}&limit=${MOST}`, takeLives, { every: LIVES_EVERY });
  if (!lives && error) return html`<${EmptyState} title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//>`;
  if (!lives) return html`<${Loading} />`;
  if (lives.length === 0) return html`<${None} scope=${scope} />`;
  const sorted = lives.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return html`<ul class="live-grid">${sorted.map((live) => html`<li key=${live.id}><${LiveCard} live=${live} /></li>`)}</ul>`;
}

/** @param {{scope: string}} props */
function None({ scope }) {
  if (scope === 'following') {
    return html`<${EmptyState} art=${html`<${EmptyTable} />`} title=${t('live.none_following')} text=${t('live.none_following_text')}>
      <${Button} icon="user-plus" href="/search?tab=people">${t('feed.find_people')}<//>
    <//>`;
  }
  return html`<${EmptyState} art=${html`<${EmptyTable} />`} title=${t('live.none')} text=${t('live.none_text')}>
    <${Button} icon="map" href="/map">${t('live.to_map')}<//>
  <//>`;
}
