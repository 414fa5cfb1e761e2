/** One nominee in the list: what it is, who brought it, and the vote. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../ui/icon.js';
import { IconButton } from '../ui/button.js';
import { categoryName } from './categories.js';

/** @typedef {import('./ballot-model.js').Card} Card */

/** @param {Card} card */
export function aboutOf({ category, by }) {
  return [categoryName(category, t), by && t('map.by', { name: by })].filter(Boolean).join(' · ');
}

/**
 * @param {{card: Card, row: import('./ballot-model.js').ResultRow | undefined, chosen: boolean,
 *   onVote: (on: boolean) => void, onShow: () => void, onRemove: () => void}} props
 *   row: what came out, once the ballot is closed; who may remove another's finds it on the pin's card
 */
export function NomineeCard({ card, row, chosen, onVote, onShow, onRemove }) {
  const { name, voted, mine } = card;
  return html`
    <li class=${`nominee${voted ? ' voted' : ''}${row?.winner ? ' won' : ''}${chosen ? ' chosen' : ''}`} data-testid="nominee" data-nominee=${card.id}>
      <button type="button" class="nominee-show" aria-label=${t('map.show_on_map', { name })} onClick=${onShow}>
        <span class="nominee-mark"><${Icon} name=${row?.winner ? 'trophy' : 'utensils'} size=${20} /></span>
        <span class="nominee-words"><b class="truncate">${name}</b><span class="small muted truncate">${aboutOf(card)}</span></span>
      </button>
      ${mine && !row && html`<${IconButton} icon="trash-2" label=${t('map.withdraw_name', { name })} class="nominee-remove" onClick=${onRemove} />`}
      ${row ? html`<b class="nominee-count">${t('map.votes', { n: row.count })}</b>` : html`<${VoteButton} name=${name} voted=${voted} onVote=${onVote} />`}
    </li>
  `;
}

/** @param {{name: string, voted: boolean, onVote: (on: boolean) => void}} props */
export function VoteButton({ name, voted, onVote }) {
  return html`
    <button
      type="button"
      class="vote-button"
      aria-pressed=${voted}
      aria-label=${t('map.vote_for', { name })}
      onClick=${() => onVote(!voted)}
    >
      <${Icon} name=${voted ? 'check' : 'thumbs-up'} size=${18} />
      <span>${voted ? t('map.voted') : t('map.vote')}</span>
    </button>
  `;
}
