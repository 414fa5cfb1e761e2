/** A sheet from the bottom on a phone, a card in the middle on a desktop. */
import { useEffect, useId, useRef } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from './button.js';
import { returnFocus } from './return-focus.js';

/**
 * Modal: the focus stays inside, Escape and a tap outside close it.
 *
 * @param {{open: boolean, onClose: () => void, title: string, children?: unknown, testId?: string}} props
 */
export function Sheet({ open, onClose, title, children, testId }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    const dialog = box.current;
    if (!open || !dialog) return undefined;
    const goBack = returnFocus();
    dialog.showModal();
    return () => {
      dialog.close();
      goBack();
    };
  }, [open]);
  if (!open) return null;
  return html`
    <dialog
      ref=${box}
      class="sheet"
      aria-labelledby=${id}
      data-testid=${testId}
      onCancel=${(/** @type {Event} */ e) => {
        e.preventDefault();
        onClose();
      }}
      onClick=${(/** @type {Event} */ e) => e.target === box.current && onClose()}
    >
      <div class="sheet-body">
        <div class="sheet-grip" aria-hidden="true"></div>
        <header class="spread">
          <h2 id=${id}>${title}</h2>
          <${IconButton} icon="x" label=${t('close')} onClick=${onClose} />
        </header>
        ${children}
      </div>
    </dialog>
  `;
}
