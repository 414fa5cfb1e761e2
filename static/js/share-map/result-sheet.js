/** What came out: the winner, or all winners of a tie, and every count. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Sheet } from '../ui/sheet.js';
import { categoryName } from './categories.js';

/**
 * @typedef {import('./ballot-model.js').ResultRow} ResultRow
 * @typedef {import('./ballot-model.js').BallotModel} BallotModel
 */

/**
 * @param {{ballot: BallotModel, open: boolean, onClose: () => void, onShow: (row: ResultRow) => void,
 *   onNewBallot: (keep: string[]) => void}} props
 */
export function ResultSheet({ ballot, open, onClose, onShow, onNewBallot }) {
  const { result } = ballot;
  if (!result) return null;
  return html`
    <${Sheet} open=${open} onClose=${onClose} title=${titleOf(result)} testId="result">
      <div class="result">
        <ul class="winners">
          ${result.winners.map((row) => html`<${Winner} key=${row.id} row=${row} onShow=${() => onShow(row)} />`)}
        </ul>
        ${result.winners.length === 0 && html`<p class="muted">${t('map.result_none_text')}</p>`}
        <p class="small muted">${t('map.result_voters', { n: result.voters })}</p>
        <ol class="counts" aria-label=${t('map.result_counts')}>
          ${result.rows.map((row) => html`<${Count} key=${row.id} row=${row} />`)}
        </ol>
        ${ballot.host ? html`<${HostNext} result=${result} onNewBallot=${onNewBallot} />` : html`<p class="small muted">${t('map.result_wait_host')}</p>`}
      </div>
    <//>
  `;
}

/** @param {import('./ballot-model.js').Result} result */
function titleOf({ winners, tie }) {
  if (winners.length === 0) return t('map.result_none');
  return tie ? t('map.result_tie') : t('map.result_title');
}

/** @param {{row: ResultRow, onShow: () => void}} props */
function Winner({ row, onShow }) {
  return html`
    <li class="winner" data-testid="winner">
      <span class="winner-cup"><${Icon} name="trophy" size=${28} /></span>
      <span class="winner-words"><b>${row.name}</b><span>${[categoryName(row.category, t), t('map.votes', { n: row.count })].filter(Boolean).join(' · ')}</span></span>
      <button type="button" class="winner-show" aria-label=${t('map.show_on_map', { name: row.name })} onClick=${onShow}><${Icon} name="map-pin" size=${20} /></button>
    </li>
  `;
}

/** @param {{row: ResultRow}} props */
function Count({ row }) {
  return html`
    <li class=${`count${row.winner ? ' won' : ''}`} data-testid="count" data-count=${row.count}>
      <span class="truncate">${row.name}${row.voted && html` <span class="mine">${t('map.my_vote')}</span>`}</span>
      <b>${t('map.votes', { n: row.count })}</b>
      <span class="bar" aria-hidden="true"><span style=${{ width: `${row.share * 100}%` }}></span></span>
    </li>
  `;
}

/** @param {{result: import('./ballot-model.js').Result, onNewBallot: (keep: string[]) => void}} props */
function HostNext({ result, onNewBallot }) {
  const keep = result.winners.map(({ id }) => id);
  return html`
    <div class="result-next">
      ${result.tie && html`<${Button} icon="vote" wide onClick=${() => onNewBallot(keep)}>${t('map.run_off')}<//>`}
      <${Button} kind=${result.tie ? 'secondary' : 'primary'} icon="refresh-cw" wide onClick=${() => onNewBallot([])}>${t('map.new_ballot')}<//>
    </div>
  `;
}
