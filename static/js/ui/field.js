/** A labelled input with its hint and its error beside it. What was typed is the caller's to keep. */
import { useId } from 'preact/hooks';
import { html } from '../html.js';
import { Icon } from './icon.js';

/**
 * @typedef {object} FieldProps
 * @property {string} label
 * @property {string} value
 * @property {(value: string) => void} onValue
 * @property {string | null} [error]
 * @property {string} [hint]
 * @property {string} [ok]  good news instead of the hint
 * @property {unknown} [trailing]  a control at the end of the input
 * @property {boolean} [optional]  said beside the label by the caller's word
 * @property {string} [optionalLabel]
 */

/** @param {FieldProps & Record<string, unknown>} props */
export function Field({ label, value, onValue, error = null, hint, ok, trailing, optionalLabel, ...rest }) {
  const id = useId();
  const note = error ?? ok ?? hint;
  return html`
    <div class=${`field${error ? ' bad' : ''}`}>
      <label for=${id}>${label}${optionalLabel && html` <span class="muted small">${optionalLabel}</span>`}</label>
      <div class="input">
        <input
          id=${id}
          value=${value}
          onInput=${(/** @type {InputEvent} */ e) => onValue(/** @type {HTMLInputElement} */ (e.currentTarget).value)}
          aria-invalid=${error ? 'true' : undefined}
          aria-describedby=${note ? `${id}-note` : undefined}
          ...${rest}
        />
        ${trailing}
      </div>
      <p id=${`${id}-note`} class=${`note${error ? ' error' : ok ? ' ok' : ''}`} aria-live="polite">
        ${error ? html`<${Icon} name="circle-alert" size=${16} />` : ok ? html`<${Icon} name="circle-check" size=${16} />` : null}${note}
      </p>
    </div>
  `;
}
