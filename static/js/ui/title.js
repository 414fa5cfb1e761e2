/** The title of the window: the view's own words, then the product's name. */
import { useEffect } from 'preact/hooks';
import { t } from '../i18n.js';

/** @param {string} [text]  in the reader's language */
export function useTitle(text) {
  const title = text ? `${text} · ${t('app.name')}` : t('app.name');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
