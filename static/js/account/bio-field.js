/** A few lines about oneself, counted as the server counts them: in characters. */
import { useId } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../ui/icon.js';

const LONGEST = 300; // as wagu/domain/people.py

/** @param {{value: string, onValue: (value: string) => void, error: string | null}} props */
export function BioField({ value, onValue, error }) {
  const id = useId();
  const left = LONGEST - [...value].length;
  const problem = error ?? (left < 0 ? t('account.bio_long', { n: -left }) : null);
  return html`
    <div class=${`field${problem ? ' bad' : ''}`}>
      <label for=${id}>${t('account.bio')} <span class="muted small">${t('optional')}</span></label>
      <div class="input">
        <textarea id=${id} name="bio" rows="4" value=${value} aria-invalid=${problem ? 'true' : undefined} aria-describedby=${`${id}-note`}
          placeholder=${t('account.bio_hint')} onInput=${(/** @type {InputEvent} */ e) => onValue(/** @type {HTMLTextAreaElement} */ (e.currentTarget).value)}></textarea>
      </div>
      <p id=${`${id}-note`} class=${`note${problem ? ' error' : ''}`} aria-live="polite">
        ${problem ? html`<${Icon} name="circle-alert" size=${16} />${problem}` : t('account.bio_left', { n: left })}
      </p>
    </div>
  `;
}
