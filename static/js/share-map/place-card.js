/** The card of the pin that was pressed: a nominee, a known place or a live. Not modal: the map goes on. */
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Avatar } from '../ui/avatar.js';
import { Button, IconButton } from '../ui/button.js';
import { categoryName } from './categories.js';
import { aboutOf, VoteButton } from './nominee-card.js';

/**
 * @typedef {import('./room.js').MapRoom} MapRoom
 * @typedef {import('./room-ui.js').RoomUi} RoomUi
 * @typedef {import('./room-actions.js').RoomActions} CardActions
 */

/** @param {{room: MapRoom, ui: RoomUi, actions: CardActions}} props */
export function PlaceCard({ room, ui, actions }) {
  const [kind, ...rest] = ui.chosen.value.split(':');
  const id = rest.join(':');
  if (kind === 'nominee') {
    const card = room.ballot.value.cards.find((one) => one.id === id);
    return card ? html`<${NomineeFace} card=${card} room=${room} ui=${ui} actions=${actions} />` : null;
  }
  if (kind === 'place') {
    const place = ui.places.value.find((one) => String(one.id) === id);
    return place ? html`<${PlaceFace} place=${place} room=${room} ui=${ui} actions=${actions} />` : null;
  }
  const live = kind === 'live' && ui.lives.value.find((one) => one.id === id);
  return live ? html`<${LiveFace} live=${live} ui=${ui} />` : null;
}

/** @param {{ui: RoomUi, title: string, about?: string, children?: unknown}} props */
function Frame({ ui, title, about, children }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => box.current?.focus({ preventScroll: true }), [title]);
  const onKey = (/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && ui.choose('');
  return html`
    <section class="place-card" ref=${box} tabindex="-1" role="group" aria-label=${title} data-testid="place-card" onKeyDown=${onKey}>
      <header class="spread">
        <div class="place-card-words"><h2 class="truncate">${title}</h2>${about && html`<p class="small muted">${about}</p>`}</div>
        <${IconButton} icon="x" label=${t('close')} onClick=${() => ui.choose('')} />
      </header>
      ${children && html`<div class="row">${children}</div>`}
    </section>
  `;
}

/** @param {{card: import('./ballot-model.js').Card, room: MapRoom, ui: RoomUi, actions: CardActions}} props */
function NomineeFace({ card, room, ui, actions }) {
  const { open, result } = room.ballot.value;
  const count = result?.rows.find(({ id }) => id === card.id)?.count;
  const about = [aboutOf(card), count !== undefined && t('map.votes', { n: count })].filter(Boolean).join(' · ');
  return html`
    <${Frame} ui=${ui} title=${card.name} about=${about}>
      ${open && html`
        <${VoteButton} name=${card.name} voted=${card.voted} onVote=${(/** @type {boolean} */ on) => room.vote(card.id, on)} />
        ${card.removable && html`<${Button} kind="secondary" icon="trash-2" onClick=${() => actions.remove(card)}>${t('map.withdraw')}<//>`}
      `}
    <//>
  `;
}

/** @param {{place: import('../types.js').Place, room: MapRoom, ui: RoomUi, actions: CardActions}} props */
function PlaceFace({ place, room, ui, actions }) {
  const { open, full, max } = room.ballot.value;
  const about = [categoryName(place.category, t), place.address].filter(Boolean).join(' · ');
  return html`
    <${Frame} ui=${ui} title=${place.name} about=${about}>
      ${open && html`<${Button} icon="plus" wide disabled=${full} onClick=${() => actions.nominatePlace(place)}>${t('map.nominate')}<//>`}
      ${open && full && html`<span class="small muted">${t('map.full', { n: max })}</span>`}
    <//>
  `;
}

/** @param {{live: import('../types.js').Live, ui: RoomUi}} props */
function LiveFace({ live, ui }) {
  const about = [live.place?.name, t('map.live_viewers', { n: live.viewers })].filter(Boolean).join(' · ');
  return html`
    <${Frame} ui=${ui} title=${live.title} about=${about}>
      <span class="row place-card-host"><${Avatar} person=${live.host} size=${32} ring="live" /><b class="truncate">${live.host.name}</b></span>
      <${Button} icon="radio" href=${`/live/${live.id}`}>${t('map.live_watch')}<//>
    <//>
  `;
}
