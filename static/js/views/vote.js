/** `/vote`: my open shared maps, those visited lately, and a new one. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { locale, relativeTime, t } from '../i18n.js';
import { location, navigate } from '../router.js';
import { person } from '../session.js';
import { CreateMap } from '../share-map/create-map.js';
import { load, save, without } from '../share-map/recents.js';
import { FriendsMap } from '../ui/art.js';
import { Button, IconButton } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Icon } from '../ui/icon.js';
import { Page } from '../ui/page.js';
import { Loading } from '../ui/spinner.js';

/** @typedef {import('../types.js').ShareMap} ShareMap */

export default function VotePage() {
  const member = person.value?.kind === 'member';
  const creating = location.value.query.has('new');
  const mine = useMyMaps(member);
  const open = () => navigate('/vote?new=1');
  const close = () => navigate('/vote', { replace: true });
  return html`
    <${Page} title=${t('vote.title')} text=${t('vote.text')} name="vote-page"
      actions=${member && html`<${Button} icon="plus" class="compact" onClick=${open}>${t('map.new')}<//>`}>
      <div class="stack vote-lists">
        ${member ? html`<${MyMaps} ...${mine} onNew=${open} />` : html`<${LogInFirst} />`}
        <${Recents} but=${mine.maps ?? []} />
      </div>
      ${member && html`<${CreateMap} open=${creating} onClose=${close} />`}
    <//>
  `;
}

/** Null maps: not known yet. @param {boolean} member */
function useMyMaps(member) {
  const [maps, setMaps] = useState(/** @type {ShareMap[] | null} */ (null));
  const [failed, setFailed] = useState(false);
  const ask = () => {
    setFailed(false);
    if (member) api.get('/api/share-maps').then(({ share_maps: mine }) => setMaps(mine), () => setFailed(true));
  };
  useEffect(ask, [member]);
  return { maps, failed, onAsk: ask };
}

/** Making a map takes an account; joining one does not. */
function LogInFirst() {
  const next = `?next=${encodeURIComponent('/vote?new=1')}`;
  return html`
    <${EmptyState} art=${html`<${FriendsMap} />`} title=${t('vote.login_title')} text=${t('vote.login_text')} testId="vote-login">
      <${Button} icon="log-in" href=${`/login${next}`}>${t('map.gate_login')}<//>
      <${Button} kind="secondary" href=${`/signup${next}`}>${t('map.gate_signup')}<//>
    <//>
  `;
}

/** @param {ReturnType<typeof useMyMaps> & {onNew: () => void}} props */
function MyMaps({ maps, failed, onAsk, onNew }) {
  if (failed) {
    return html`<${EmptyState} title=${t('broken.title')} text=${t('broken.text')}><${Button} icon="refresh-cw" onClick=${onAsk}>${t('retry')}<//><//>`;
  }
  if (!maps) return html`<${Loading} />`;
  if (maps.length === 0) {
    return html`
      <${EmptyState} art=${html`<${FriendsMap} />`} title=${t('vote.none')} text=${t('vote.none_text')}>
        <${Button} icon="plus" onClick=${onNew}>${t('map.new')}<//>
      <//>
    `;
  }
  return html`
    <section>
      <h2>${t('vote.mine')}</h2>
      <ul class="map-list" data-testid="my-maps">${maps.map((one) => html`<${MapRow} key=${one.id} map=${one} />`)}</ul>
    </section>
  `;
}

/** @param {{map: ShareMap}} props */
function MapRow({ map }) {
  const until = new Date(map.expires_at).toLocaleTimeString(locale.value, { hour: 'numeric', minute: '2-digit' });
  return html`
    <li>
      <a class="map-row" href=${`/map/${map.id}`}>
        <span class="map-row-icon"><${Icon} name="map-pinned" /></span>
        <span class="map-row-words"><b class="truncate">${map.title}</b><span class="small muted">${t('vote.until', { time: until })}${map.require_account ? ` · ${t('vote.account_only')}` : ''}</span></span>
        <${Icon} name="chevron-right" size=${20} />
      </a>
    </li>
  `;
}

/** @param {{but: ShareMap[]}} props  but: those that are listed above */
function Recents({ but }) {
  const [list, setList] = useState(() => load(localStorage));
  const forget = (/** @type {string} */ id) => {
    const rest = without(list, id);
    save(localStorage, rest);
    setList(rest);
  };
  const shown = list.filter(({ id }) => !but.some((map) => map.id === id));
  if (shown.length === 0) return null;
  return html`
    <section>
      <h2>${t('vote.recent')}</h2>
      <ul class="map-list" data-testid="recent-maps">
        ${shown.map(({ id, title, visited }) => html`
          <li key=${id}>
            <a class="map-row" href=${`/map/${id}`}>
              <span class="map-row-icon quiet"><${Icon} name="clock" /></span>
              <span class="map-row-words"><b class="truncate">${title}</b><span class="small muted">${t('vote.visited', { when: relativeTime(visited, Date.now()) })}</span></span>
            </a>
            <${IconButton} icon="x" label=${t('vote.forget', { title })} onClick=${() => forget(id)} />
          </li>
        `)}
      </ul>
    </section>
  `;
}
