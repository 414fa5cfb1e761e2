/** The short answers of a record: kind of food, stars, day, who may see it. */
import { useId } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { CATEGORIES } from '../share-map/categories.js';
import { CategoryIcon } from '../ui/category-icon.js';
import { Field } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { FieldProblem, problemOf } from './field-problem.js';
import { STAR } from './star-row.js';

/** @typedef {{editor: import('./editor.js').Editor}} Props */

const VISIBILITIES = /** @type {const} */ ([['private', 'lock'], ['friends', 'users'], ['public', 'globe']]);

/** @param {Props} props */
export function CategoryField({ editor }) {
  const chosen = editor.draft.value.category;
  const problem = problemOf(editor, 'category');
  const id = useId();
  return html`
    <fieldset class=${`write-field${problem ? ' bad' : ''}`} aria-describedby=${problem ? id : undefined} data-testid="category">
      <legend>${t('write.category')}</legend>
      <div class="meal-kinds">
        ${Object.entries(CATEGORIES).map(([key, word]) => html`
          <button key=${key} type="button" class="meal-kind" aria-pressed=${chosen === word} onClick=${() => editor.set({ category: word }, 'category')}>
            <${CategoryIcon} name=${key} size=${24} /><span>${t(`map.category_${key}`)}</span>
          </button>`)}
      </div>
      <${FieldProblem} id=${id} text=${problem} />
    </fieldset>
  `;
}

/** @param {Props} props */
export function RatingField({ editor }) {
  const { rating } = editor.draft.value;
  const name = useId();
  return html`
    <fieldset class="write-field" data-testid="rating">
      <legend>${t('write.rating')} <span class="muted small">${t('optional')}</span></legend>
      <div class="rate">
        ${[1, 2, 3, 4, 5].map((n) => html`
          <label key=${n} class=${n <= (rating ?? 0) ? 'full' : ''}>
            <input type="radio" class="sr-only" name=${name} value=${n} checked=${rating === n} aria-label=${t('write.stars', { n })} onChange=${() => editor.set({ rating: n })} />
            <svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true"><path d=${STAR} /></svg>
          </label>`)}
        ${rating !== null && html`<button type="button" class="rate-none small" onClick=${() => editor.set({ rating: null })}>${t('write.rating_none')}</button>`}
      </div>
    </fieldset>
  `;
}

/** @param {Props & {max: string}} props */
export function DayField({ editor, max }) {
  return html`<${Field} label=${t('write.eaten_on')} optionalLabel=${t('optional')} type="date" name="eaten_on" max=${max} value=${editor.draft.value.eaten_on}
    error=${problemOf(editor, 'eaten_on')} onValue=${(/** @type {string} */ day) => editor.set({ eaten_on: day }, 'eaten_on')} />`;
}

/** @param {Props} props */
export function VisibilityField({ editor }) {
  const { visibility } = editor.draft.value;
  const name = useId();
  return html`
    <fieldset class="write-field" data-testid="visibility">
      <legend>${t('write.visibility')}</legend>
      <div class="segments">
        ${VISIBILITIES.map(([value, icon]) => html`
          <label key=${value} class="segment">
            <input type="radio" class="sr-only" name=${name} value=${value} checked=${visibility === value} onChange=${() => editor.set({ visibility: value })} />
            <${Icon} name=${icon} size=${18} /><span>${t(`write.visibility_${value}`)}</span>
          </label>`)}
      </div>
      <p class="note">${t(`write.visibility_${visibility}_text`)}</p>
    </fieldset>
  `;
}
