/** Below the text: ask for a draft, watch it come, and keep it, change it or go back. */
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../auth/frame.js';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { errorText, locale, t } from '../i18n.js';
import { Button, IconButton } from '../ui/button.js';
import { ask } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { Spinner } from '../ui/spinner.js';

/** @typedef {{editor: import('./editor.js').Editor, writer: import('./draft-writer.js').DraftWriter}} Props */

const TONES = /** @type {const} */ (['record', 'friendly', 'short']);
const LANGUAGES = /** @type {const} */ ({ ko: '한국어', en: 'English' });

/** @param {Props} props */
export function DraftPanel({ editor, writer }) {
  const [open, setOpen] = useState(false);
  const { words, before } = editor.draft.value;
  useEffect(() => void loadConfig().catch(() => {}), []);
  useEffect(() => void (writer.language.value = locale.peek()), [writer]);
  const drafts = config.value?.drafts;
  if (!drafts) return null;
  const writing = writer.writing.value;
  const error = writer.error.value;
  return html`
    <div class="draft" data-testid="draft">
      ${writing && html`<p class="draft-state" role="status"><${Spinner} size=${18} /><span>${t('draft.writing')}</span>
        <${Button} kind="secondary" class="compact" icon="circle-stop" onClick=${() => writer.stop()}>${t('draft.stop')}<//></p>`}
      ${!writing && before && words.text && html`<${Verdict} editor=${editor} writer=${writer} />`}
      ${!writing && !before && words.origin !== 'own' && words.text && html`<p class="note" data-testid="draft-label"><${Icon} name="info" size=${16} />${t('draft.label', { origin: t(`post.origin_${words.origin}`) })}</p>`}
      <${Problem} text=${error ? messageOf(error) : null} />
      ${open
        ? html`<${Wishes} writer=${writer} drafts=${drafts} again=${Boolean(before)} onClose=${() => setOpen(false)} />`
        : html`<${Button} kind="secondary" class="draft-open" icon=${drafts.ai ? 'sparkles' : 'list'} onClick=${() => setOpen(true)}>${t(drafts.ai ? 'draft.start_ai' : 'draft.start_template')}<//>`}
    </div>
  `;
}

/** What now lies in the text, and what to do with it. @param {Props} props */
function Verdict({ editor, writer }) {
  const { origin } = editor.draft.value.words;
  const edited = origin === 'ai_edited' || origin === 'own';
  const said = writer.stopped.value ? 'draft.stopped' : { ai: 'draft.done_ai', ai_edited: 'draft.done_edited', template: 'draft.done_template', own: 'draft.done_own' }[origin];
  const undo = async () => {
    if (edited && !(await ask({ title: t('draft.undo_title'), text: t('draft.undo_text'), yes: t('draft.undo'), danger: true }))) return;
    writer.reject();
  };
  return html`
    <div class="draft-verdict" role="status" data-testid="draft-verdict">
      <p><${Icon} name=${origin === 'template' ? 'list' : 'sparkles'} size=${18} />${t(said)}</p>
      <div class="row">
        <${Button} kind="secondary" class="compact" icon="undo-2" onClick=${undo}>${t('draft.undo')}<//>
        <${Button} class="compact" icon="check" onClick=${() => writer.accept()}>${t('draft.accept')}<//>
      </div>
    </div>
  `;
}

/** @param {{writer: Props['writer'], drafts: import('../types.js').Config['drafts'], again: boolean, onClose: () => void}} props */
function Wishes({ writer, drafts, again, onClose }) {
  const about = drafts.ai ? (drafts.vision ? 'draft.about_vision' : 'draft.about_ai') : 'draft.about_template';
  return html`
    <section class="wishes" aria-label=${t(drafts.ai ? 'draft.start_ai' : 'draft.start_template')}>
      <header class="spread"><p class="small muted">${t(about)}</p><${IconButton} icon="chevron-up" label=${t('draft.close')} onClick=${onClose} /></header>
      <${Field} label=${t('draft.words')} optionalLabel=${t('optional')} name="draft-words" value=${writer.notes.value} placeholder=${t('draft.words_placeholder')} maxlength="500" autocomplete="off"
        onValue=${(/** @type {string} */ text) => (writer.notes.value = text)}
        onKeyDown=${(/** @type {KeyboardEvent} */ e) => {
          if (e.key !== 'Enter' || e.isComposing) return;
          e.preventDefault();
          void writer.write();
        }} />
      <div class="wish-row">
        <${Segments} label=${t('draft.tone')} name="tone" choices=${TONES.map((one) => [one, t(`draft.tone_${one}`)])} chosen=${writer.tone} />
        <${Segments} label=${t('draft.language')} name="language" choices=${Object.entries(LANGUAGES)} chosen=${writer.language} />
      </div>
      <${Button} icon=${again ? 'refresh-cw' : drafts.ai ? 'sparkles' : 'list'} wide busy=${writer.writing.value} onClick=${() => writer.write()}>${t(again ? 'draft.again' : 'draft.write')}<//>
    </section>
  `;
}

/** @param {{label: string, name: string, choices: [string, string][], chosen: import('@preact/signals').Signal<string>}} props */
function Segments({ label, name, choices, chosen }) {
  return html`
    <fieldset class="wish">
      <legend class="small">${label}</legend>
      <div class="segments">
        ${choices.map(([value, word]) => html`<label key=${value} class="segment" lang=${value === 'en' ? 'en' : undefined}>
          <input type="radio" class="sr-only" name=${name} value=${value} checked=${chosen.value === value} onChange=${() => (chosen.value = value)} /><span>${word}</span>
        </label>`)}
      </div>
    </fieldset>
  `;
}

/** @param {unknown} error */
function messageOf(error) {
  return /** @type {{code?: string}} */ (error).code === 'draft.needs_place' ? t('draft.needs_place') : errorText(error);
}
