/** 한국어 or English. */
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { Icon } from './icon.js';

const NAMES = /** @type {const} */ ({ ko: '한국어', en: 'English' });

export function LanguageSwitch() {
  const codes = /** @type {(keyof typeof NAMES)[]} */ (Object.keys(NAMES));
  return html`
    <div class="language" role="group" aria-label=${t('me.language')}>
      <${Icon} name="languages" size=${20} />
      ${codes.map(
        (code) => html`
          <button key=${code} type="button" lang=${code} aria-pressed=${locale.value === code} onClick=${() => (locale.value = code)}>
            ${NAMES[code]}
          </button>
        `,
      )}
    </div>
  `;
}
