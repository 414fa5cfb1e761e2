/** The pages at which a shared map is no map (any more): which, and what to do. */
import { useEffect } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { loginPath } from '../session.js';
import { FinishedMeal, FriendsMap } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { useTitle } from '../ui/title.js';
import { load, save, without } from './recents.js';

/** @param {{id: string, code: string}} props  code: share_map.unknown | share_map.expired | share_map.ended */
export function Over({ id, code }) {
  const reason = code.split('.')[1];
  const title = t(`map.over_${reason}`);
  useTitle(title);
  useEffect(() => save(localStorage, without(load(localStorage), id)), [id]);
  const art = html`<${reason === 'unknown' ? FriendsMap : FinishedMeal} />`;
  return html`
    <div class="page-middle">
      <${EmptyState} art=${art} title=${title} text=${t(`map.over_${reason}_text`)} testId=${`map-over-${reason}`}>
        <${Button} icon="plus" href="/vote?new=1">${t('map.new')}<//>
        <${Button} kind="secondary" href="/">${t('notfound.home')}<//>
      <//>
    </div>
  `;
}

/** A moderator sent this person away. @param {{code: string, onRetry: () => void}} props  code: room.removed | room.banned | room.network_banned */
export function ShownOut({ code, onRetry }) {
  const reason = code.split('.')[1];
  const title = t(`mod.out_${reason}`);
  useTitle(title);
  return html`
    <div class="page-middle">
      <${EmptyState} art=${html`<${FriendsMap} />`} title=${title} text=${t(`mod.out_${reason}_text`)} testId=${`map-out-${reason}`}>
        ${reason === 'removed' && html`<${Button} icon="log-in" onClick=${onRetry}>${t('mod.back_in')}<//>`}
        ${reason === 'network_banned' && html`<${Button} icon="log-in" href=${loginPath()}>${t('nav.login')}<//>`}
        <${Button} kind="secondary" href="/vote">${t('map.back_to_list')}<//>
      <//>
    </div>
  `;
}

/** The server was not reached, or the room is full. @param {{title: string, text: string, onRetry: () => void, testId: string}} props */
export function NotYet({ title, text, onRetry, testId }) {
  return html`
    <div class="page-middle">
      <${EmptyState} art=${html`<${FriendsMap} />`} title=${title} text=${text} testId=${testId}>
        <${Button} icon="refresh-cw" onClick=${onRetry}>${t('retry')}<//>
        <${Button} kind="secondary" href="/vote">${t('map.back_to_list')}<//>
      <//>
    </div>
  `;
}
