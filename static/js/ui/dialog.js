/** A question before something that cannot be undone: `if (await ask({…})) …`. */
import { signal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button } from './button.js';
import { returnFocus } from './return-focus.js';

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} [text]
 * @property {string} yes  what the confirming button does, as a verb
 * @property {string} [no]
 * @property {boolean} [danger]
 */

/** @type {import('@preact/signals').Signal<(Question & {answer: (yes: boolean) => void}) | null>} */
const asked = signal(null);

/** @param {Question} question @returns {Promise<boolean>} */
export function ask(question) {
  asked.value?.answer(false);
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (yes) => {
        asked.value = null;
        resolve(yes);
      },
    };
  });
}

/** Shows the question; the shell has one. */
export function DialogHost() {
  return asked.value && html`<${Dialog} key=${asked.value.title} question=${asked.value} />`;
}

/** @param {{question: Question & {answer: (yes: boolean) => void}}} props */
function Dialog({ question }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    const dialog = box.current;
    const goBack = returnFocus();
    dialog?.showModal();
    return () => {
      dialog?.close();
      goBack();
    };
  }, []);
  const { title, text, yes, no = t('cancel'), danger = false, answer } = question;
  return html`
    <dialog
      ref=${box}
      class="dialog"
      role="alertdialog"
      aria-labelledby=${id}
      aria-describedby=${text ? `${id}-text` : undefined}
      onCancel=${(/** @type {Event} */ e) => {
        e.preventDefault();
        answer(false);
      }}
    >
      <h2 id=${id}>${title}</h2>
      ${text && html`<p id=${`${id}-text`} class="muted">${text}</p>`}
      <div class="dialog-actions">
        <${Button} kind="secondary" onClick=${() => answer(false)}>${no}<//>
        <${Button} kind=${danger ? 'danger' : 'primary'} onClick=${() => answer(true)}>${yes}<//>
      </div>
    </dialog>
  `;
}
