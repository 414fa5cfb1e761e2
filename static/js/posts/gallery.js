/** The photos of a record: a strip to swipe through on a phone; on a desktop with small ones to choose from. */
import { useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../ui/button.js';
import { Picture } from '../ui/picture.js';

const SIZES = '(min-width: 900px) 560px, 100vw';

/** @typedef {{photo: import('../types.js').PictureView, name: string}} Shot */

/** @param {{photos: Shot[], onOpen: (id: string) => void}} props */
export function Gallery({ photos, onOpen }) {
  const strip = useRef(/** @type {HTMLElement | null} */ (null));
  const [at, setAt] = useState(0);
  const go = (/** @type {number} */ i) => strip.current?.children[i]?.scrollIntoView({ behavior: 'smooth', block: 'nearest', inline: 'center' });
  const look = () => {
    const { scrollLeft = 0, clientWidth = 1 } = strip.current ?? {};
    setAt(Math.round(scrollLeft / clientWidth));
  };
  const several = photos.length > 1;
  return html`
    <section class="gallery on-dark" aria-label=${t('post.photos', { n: photos.length })}>
      <div class="gallery-frame">
        <ul class="gallery-strip" ref=${strip} onScroll=${look}>
          ${photos.map(({ photo, name }, i) => html`
            <li key=${photo.id}>
              <button type="button" aria-label=${t('post.photo_open', { menu: name })} onClick=${() => onOpen(photo.id)}>
                <${Picture} picture=${photo} sizes=${SIZES} alt=${t('post.photo_of', { menu: name })} eager=${i === 0} />
                <span class="gallery-name truncate" aria-hidden="true">${name}</span>
              </button>
            </li>`)}
        </ul>
        ${several && html`<p class="gallery-count" aria-hidden="true">${t('post.photo_n', { n: at + 1, all: photos.length })}</p>`}
        ${several && at > 0 && html`<${IconButton} class="gallery-step before" kind="glass" icon="chevron-left" label=${t('post.photo_before')} onClick=${() => go(at - 1)} />`}
        ${several && at < photos.length - 1 && html`<${IconButton} class="gallery-step next" kind="glass" icon="chevron-right" label=${t('post.photo_next')} onClick=${() => go(at + 1)} />`}
      </div>
      ${several && html`
        <ul class="gallery-thumbs">
          ${photos.map(({ photo, name }, i) => html`
            <li key=${photo.id}>
              <button type="button" aria-label=${name} aria-current=${i === at ? 'true' : undefined} onClick=${() => go(i)}><${Picture} picture=${photo} sizes="72px" alt="" /></button>
            </li>`)}
        </ul>`}
    </section>
  `;
}
