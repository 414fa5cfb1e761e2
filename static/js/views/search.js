/** Search: one field, three kinds of answers. What is asked is in the address, so that Back and a link find it again. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ChoiceLinks } from '../finding/choice-links.js';
import { load, save, withSearch, without } from '../finding/recent-searches.js';
import { TABS, askedIn, hrefOf } from '../finding/search-query.js';
import { SearchResults } from '../finding/search-results.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { location, navigate } from '../router.js';
import { IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { useTitle } from '../ui/title.js';

const PAUSE = 250; // ms without a key
const LONGEST = 60;

export default function Search() {
  useTitle(t('search.title'));
  const asked = askedIn(location.value.query);
  const [recent, setRecent] = useState(() => load(localStorage));
  const keep = (/** @type {string[]} */ list) => {
    setRecent(list);
    save(localStorage, list);
  };
  const remember = () => keep(withSearch(recent, asked.q));
  return html`
    <div class="page search">
      <div class="page-top on-dark">
        <h1 class="sr-only">${t('search.title')}</h1>
        <${SearchField} asked=${asked} onSubmit=${remember} />
      </div>
      <div class="page-sheet">
        <${ChoiceLinks} label=${t('search.kinds')} current=${asked.tab} choices=${TABS.map((tab) => ({ name: tab, href: hrefOf({ ...asked, tab }), text: t(`search.${tab}`) }))} />
        ${asked.q.trim()
          ? html`<div class="search-answer" onClickCapture=${remember}><${SearchResults} asked=${asked} /></div>`
          : html`<${Recent} list=${recent} tab=${asked.tab} onChange=${keep} />`}
      </div>
    </div>
  `;
}

/** @param {{asked: import('../finding/search-query.js').Asked, onSubmit: () => void}} props */
function SearchField({ asked, onSubmit }) {
  const [text, setText] = useState(asked.q);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  useEffect(() => {
    if (text.trim() !== asked.q) setText(asked.q); // chosen from the recent ones, or by Back
  }, [asked.q]);
  useEffect(() => {
    if (!asked.q) input.current?.focus({ preventScroll: true });
    return () => clearTimeout(timer.current);
  }, []);
  const ask = (/** @type {string} */ q) => navigate(hrefOf({ ...askedIn(location.peek().query), q }), { replace: true, scroll: false });
  const type = (/** @type {string} */ typed) => {
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(ask, PAUSE, typed);
  };
  return html`
    <form role="search" class="search-field" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      clearTimeout(timer.current);
      ask(text);
      onSubmit();
      input.current?.blur();
    }}>
      <${Icon} name="search" size=${20} />
      <input ref=${input} type="search" name="q" aria-label=${t('search.field')} placeholder=${t(`search.field_${asked.tab}`)} autocomplete="off"
        enterkeyhint="search" maxlength=${LONGEST} value=${text}
        onInput=${(/** @type {InputEvent} */ e) => type(/** @type {HTMLInputElement} */ (e.currentTarget).value)} />
      ${text && html`<${IconButton} icon="x" label=${t('search.clear')} onClick=${() => {
        type('');
        input.current?.focus();
      }} />`}
    </form>
  `;
}

/** Before anything is asked. @param {{list: string[], tab: string, onChange: (list: string[]) => void}} props */
function Recent({ list, tab, onChange }) {
  if (list.length === 0) return html`<p class="search-hint muted">${t(`search.hint_${tab}`)}</p>`;
  return html`
    <section class="recent">
      <div class="spread"><h2>${t('search.recent')}</h2><button type="button" class="text-button" onClick=${() => onChange([])}>${t('search.recent_clear')}</button></div>
      <ul>
        ${list.map(
          (q) => html`
            <li key=${q}>
              <a href=${hrefOf({ q, tab })}><${Icon} name="history" size=${20} /><span class="truncate">${q}</span></a>
              <${IconButton} icon="x" label=${t('search.recent_remove', { q })} onClick=${() => onChange(without(list, q))} />
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
