/** Between photos and dishes: let a model name what is on them, where the server has one that sees. */
import { useEffect } from 'preact/hooks';
import { Problem } from '../auth/frame.js';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { errorText, locale, t } from '../i18n.js';
import { categoryName } from '../share-map/categories.js';
import { Button, IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Spinner } from '../ui/spinner.js';
import { MENUS_MAX } from './draft.js';

/** @typedef {{editor: import('./editor.js').Editor, suggestion: import('./suggestion.js').Suggestion}} Props */

/** @param {Props} props */
export function SuggestionPanel({ editor, suggestion }) {
  useEffect(() => void loadConfig().catch(() => {}), []);
  const { value: error } = suggestion.error;
  if (!config.value?.drafts.vision) return null;
  return html`
    <div class="suggest" data-testid="suggestion">
      ${suggestion.asking.value
        ? html`<p class="suggest-state" role="status"><${Spinner} size=${18} /><span>${t('suggest.asking')}</span>
            <${Button} kind="secondary" class="compact" icon="circle-stop" onClick=${() => suggestion.stop()}>${t('suggest.stop')}<//></p>`
        : html`<${Offer} suggestion=${suggestion} />`}
      <${Seen} editor=${editor} suggestion=${suggestion} />
      <${Problem} text=${error ? errorText(error) : null} />
    </div>
  `;
}

/** As long as there is something to name, and no answer. @param {{suggestion: Props['suggestion']}} props */
function Offer({ suggestion }) {
  if (suggestion.answer.value || !suggestion.photos.value.length) return null;
  return html`
    <${Button} kind="secondary" icon="sparkles" wide onClick=${() => suggestion.begin(locale.peek())}>${t('suggest.ask')}<//>
    <p class="note">${t('suggest.about')}</p>
  `;
}

/** The kind of food, and the names for which there is no card yet; the others stand in the cards. @param {Props} props */
function Seen({ editor, suggestion }) {
  const { answer, names, category } = suggestion;
  const { menus } = editor.draft.value;
  if (!answer.value) return null;
  const nothing = !answer.value.category && !answer.value.menus.length;
  const spare = menus.length < MENUS_MAX && menus.every(({ name }) => name.trim()) ? names.value : [];
  if (!nothing && !names.value.length && !category.value) return null;
  return html`
    <div class="suggest-seen">
      <p role="status"><${Icon} name="sparkles" size=${18} /><span>${t(nothing ? 'suggest.nothing' : 'suggest.seen')}</span>
        <${IconButton} icon="x" label=${t('suggest.close')} onClick=${() => suggestion.close()} /></p>
      ${(category.value || spare.length > 0) && html`<div class="suggest-names">
        ${category.value && html`<button type="button" class="suggest-name" onClick=${() => editor.set({ category: category.value }, 'category')}>
          ${t('suggest.category', { name: categoryName(category.value, t) })}</button>`}
        ${spare.map((name) => html`<button key=${name} type="button" class="suggest-name" onClick=${() => editor.addMenu(name)}><${Icon} name="plus" size=${16} />${t('suggest.add', { name })}</button>`)}
      </div>`}
    </div>
  `;
}

/** Names for one dish. @param {{names: string[], onPick: (name: string) => void}} props */
export function Guesses({ names, onPick }) {
  if (!names.length) return null;
  return html`
    <div class="suggest-names guesses" role="group" aria-label=${t('suggest.names')}>
      ${names.map((name) => html`<button key=${name} type="button" class="suggest-name" onClick=${() => onPick(name)}>${name}</button>`)}
    </div>
  `;
}
