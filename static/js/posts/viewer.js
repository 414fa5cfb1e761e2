/** Photos as large as the screen allows: swipe or arrow keys, Escape or Back to leave, a tap to look closer. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { fileOf } from '../renditions.js';
import { IconButton } from '../ui/button.js';

/** The largest rendition there is; a smaller photo is restored to it by the server. */
const LARGEST = 2048;

/** @param {{photos: import('./gallery.js').Shot[], first: number, onClose: () => void}} props */
export function Viewer({ photos, first, onClose }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const strip = useRef(/** @type {HTMLElement | null} */ (null));
  const [at, setAt] = useState(first);
  const [close, setClose] = useState(false); // looked at closely
  useBack(onClose);
  useEffect(() => {
    box.current?.showModal();
    strip.current?.children[first]?.scrollIntoView({ block: 'nearest', inline: 'center' });
    return () => box.current?.close();
  }, []);
  const go = (/** @type {number} */ i) => {
    setClose(false);
    strip.current?.children[i]?.scrollIntoView({ behavior: 'smooth', block: 'nearest', inline: 'center' });
  };
  const onKey = (/** @type {KeyboardEvent} */ { key }) => {
    if (key === 'ArrowLeft' && at > 0) go(at - 1);
    if (key === 'ArrowRight' && at < photos.length - 1) go(at + 1);
  };
  const look = () => {
    const { scrollLeft = 0, clientWidth = 1 } = strip.current ?? {};
    const seen = Math.round(scrollLeft / clientWidth);
    if (seen === at) return;
    setAt(seen);
    setClose(false);
  };
  return html`
    <dialog ref=${box} class="viewer on-dark" aria-label=${t('post.viewer')} data-testid="viewer" onKeyDown=${onKey}
      onCancel=${(/** @type {Event} */ e) => {
        e.preventDefault();
        window.history.back();
      }}>
      <ul class="viewer-strip" ref=${strip} onScroll=${look}>
        ${photos.map((shot, i) => html`<li key=${shot.photo.id}><${Large} shot=${shot} near=${Math.abs(i - at) < 2} close=${close && i === at} onClick=${() => setClose(!close)} /></li>`)}
      </ul>
      <header>
        <p class="viewer-name" aria-live="polite"><b>${photos[at]?.name}</b>${photos.length > 1 && html`<span>${t('post.photo_n', { n: at + 1, all: photos.length })}</span>`}</p>
        <${IconButton} kind="glass" icon=${close ? 'minimize' : 'maximize'} label=${t(close ? 'post.photo_fit' : 'post.photo_zoom')} onClick=${() => setClose(!close)} />
        <${IconButton} kind="glass" icon="x" label=${t('close')} onClick=${() => window.history.back()} />
      </header>
      ${at > 0 && html`<${IconButton} class="viewer-step before" kind="glass" icon="chevron-left" label=${t('post.photo_before')} onClick=${() => go(at - 1)} />`}
      ${at < photos.length - 1 && html`<${IconButton} class="viewer-step next" kind="glass" icon="chevron-right" label=${t('post.photo_next')} onClick=${() => go(at + 1)} />`}
    </dialog>
  `;
}

/**
 * The photo in its largest file, over the one that the page has loaded already.
 *
 * @param {{shot: import('./gallery.js').Shot, near: boolean, close: boolean, onClick: () => void}} props  near: worth loading
 */
function Large({ shot: { photo, name }, near, close, onClick }) {
  const style = { '--ratio': photo.width / photo.height, backgroundImage: `url(${fileOf(photo, 512)})` };
  const mode = close ? ' close' : '';
  return html`
    <div class=${`viewer-photo${mode}`} onClick=${onClick}>
      ${near && html`<picture>
        <source type="image/webp" srcset=${fileOf(photo, LARGEST)} />
        <img src=${fileOf(photo, LARGEST, 'jpg')} width=${photo.width} height=${photo.height} alt=${t('post.photo_of', { menu: name })} style=${style} decoding="async" />
      </picture>`}
    </div>
  `;
}

/** The phone's Back closes what lies over the page, and every other way of closing goes back. @param {() => void} onClose */
function useBack(onClose) {
  useEffect(() => {
    window.history.pushState(null, '', window.location.href);
    window.addEventListener('popstate', onClose);
    return () => window.removeEventListener('popstate', onClose);
  }, []);
}
