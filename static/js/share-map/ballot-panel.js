/** The ballot: find a place, the nominees with their votes, and "I'm done". */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button, IconButton } from '../ui/button.js';
import { NomineeCard } from './nominee-card.js';
import { PlaceSearch } from './place-search.js';

/** @typedef {import('./room-actions.js').RoomActions} Actions */

/**
 * @param {{room: import('./room.js').MapRoom, ui: import('./room-ui.js').RoomUi, actions: Actions}} props
 */
export function BallotPanel({ room, ui, actions }) {
  const ballot = room.ballot.value;
  const { cards, open, full } = ballot;
  return html`
    <section class="ballot" aria-label=${t('map.ballot')}>
      ${open && html`
        <div class="ballot-find">
          <${PlaceSearch} ui=${ui} onPick=${actions.pick} onName=${actions.startDraft} />
          <${IconButton} icon="soup" label=${t('map.places_show')} pressed=${ui.placesShown.value} class="places-toggle" onClick=${actions.togglePlaces} />
        </div>
      `}
      ${!open && html`<${Closed} ui=${ui} ballot=${ballot} actions=${actions} />`}
      <ul class="nominees" aria-label=${t('map.nominees')} data-testid="nominees">
        ${cards.map((card) => html`<${NomineeCard} key=${card.id} card=${card} row=${ballot.result?.rows.find(({ id }) => id === card.id)}
          chosen=${ui.chosen.value === `nominee:${card.id}`}
          onVote=${(/** @type {boolean} */ on) => room.vote(card.id, on)}
          onShow=${() => actions.showNominee(card)} onRemove=${() => actions.remove(card)} />`)}
        ${cards.length === 0 && html`<li class="nominees-none">
          <p>${t('map.no_nominees')}</p>
          <p class="muted small">${t('map.no_nominees_text')}</p>
        </li>`}
      </ul>
      ${full && open && html`<p class="muted small ballot-note">${t('map.full', { n: ballot.max })}</p>`}
      ${open && cards.length > 0 && html`<${Foot} room=${room} ballot=${ballot} actions=${actions} />`}
    </section>
  `;
}

/**
 * @param {{room: import('./room.js').MapRoom, ballot: import('./ballot-model.js').BallotModel,
 *   actions: Actions}} props
 */
function Foot({ room, ballot, actions }) {
  const { meDone, waiting, host, done } = ballot;
  const me = room.you.value?.id;
  const all = room.people.value.filter(({ id, away }) => !away || done.has(id)).length;
  const names = waiting.map(({ id, name }) => (id === me ? t('map.waiting_you') : name)).join(', ');
  const few = waiting.length > 0 && waiting.length < all && waiting.length <= 3;
  return html`
    <div class="ballot-foot">
      <p class="small muted" role="status" data-testid="ballot-progress">
        ${t('map.done_count', { n: all - waiting.length, all })}${few && ` · ${t('map.waiting_for', { names })}`}
      </p>
      <div class="row">
        ${host && html`<${Button} kind="secondary" onClick=${actions.closeBallot}>${t('map.close_ballot')}<//>`}
        <${Button} kind=${meDone ? 'secondary' : 'primary'} icon=${meDone ? 'undo-2' : 'check'} wide aria-pressed=${meDone} onClick=${() => room.done(!meDone)}>
          ${meDone ? t('map.not_done') : t('map.done')}
        <//>
      </div>
    </div>
  `;
}

/**
 * @param {{ui: import('./room-ui.js').RoomUi, ballot: import('./ballot-model.js').BallotModel,
 *   actions: Actions}} props
 */
function Closed({ ui, ballot, actions }) {
  const names = ballot.result?.winners.map(({ name }) => name).join(', ');
  return html`
    <div class="ballot-closed">
      <div class="ballot-closed-words">
        <b>${names ? t(ballot.result?.tie ? 'map.result_tie_names' : 'map.result_winner_name', { names }) : t('map.result_none')}</b>
        <span class="small muted">${t('map.closed_text')}</span>
      </div>
      <div class="row">
        <${Button} kind="secondary" icon="trophy" wide onClick=${() => (ui.sheet.value = 'result')}>${t('map.see_result')}<//>
        ${ballot.host && html`<${Button} icon="vote" wide onClick=${() => actions.newBallot([])}>${t('map.new_ballot')}<//>`}
      </div>
    </div>
  `;
}
