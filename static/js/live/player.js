/** Plays a live: with sound when the browser lets us, else muted with a button that turns it on. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Avatar } from '../ui/avatar.js';
import { Icon } from '../ui/icon.js';

/** Cropping up to this share of the picture is nicer than bars. */
const CROP = 0.3;

/** @typedef {'playing' | 'muted' | 'blocked'} Playing */

/**
 * @param {{source: import('../media.js').Source | null, host: import('../types.js').PersonRef, muted: boolean, onMuted: (muted: boolean) => void}} props
 */
export function Player({ source, host, muted, onMuted }) {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const [blocked, setBlocked] = useState(false);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const cover = useCover(video, size);

  useEffect(() => {
    const element = video.current;
    if (!element || !source) return undefined;
    const detach = source.attach(element);
    void start(element, muted).then((started) => {
      setBlocked(started === 'blocked');
      if (started === 'muted') onMuted(true);
    });
    return detach;
  }, [source]);
  useEffect(() => {
    if (video.current) video.current.muted = muted;
  }, [muted]);

  useEffect(() => {
    // A phone call or another app may have paused it; a muted or allowed element may go on by itself.
    const resume = () => document.visibilityState === 'visible' && isOn(video.current) && void video.current?.play().catch(() => {});
    document.addEventListener('visibilitychange', resume);
    return () => document.removeEventListener('visibilitychange', resume);
  }, []);

  const measure = () => setSize({ width: video.current?.videoWidth ?? 0, height: video.current?.videoHeight ?? 0 });
  const press = () => {
    onMuted(false);
    if (!video.current) return;
    video.current.muted = false;
    void video.current.play().then(() => setBlocked(false), () => {});
  };
  return html`
    <video ref=${video} class=${`player ${cover ? 'cover' : 'contain'}`} aria-label=${t('watch.video', { host: host.name })} playsinline
      onResize=${measure} onLoadedMetadata=${measure} data-testid="player"></video>
    ${source && size.width === 0 && html`<div class="sound-only"><${Avatar} person=${host} size=${112} ring="live" /></div>`}
    ${(muted || blocked) && source &&
    html`<button type="button" class="unmute" onClick=${press}><${Icon} name="volume-x" size=${20} />${t(blocked ? 'watch.play' : 'watch.unmute')}</button>`}
  `;
}

/** @param {HTMLVideoElement | null} video */
function isOn(video) {
  return Boolean(video?.srcObject || video?.src);
}

/**
 * With sound first; a page nobody has touched may be allowed muted playing only, or none at all.
 *
 * @param {HTMLVideoElement} element
 * @param {boolean} muted
 * @returns {Promise<Playing>}
 */
async function start(element, muted) {
  element.muted = muted;
  try {
    await element.play();
    return 'playing';
  } catch (error) {
    if (/** @type {Error} */ (error).name === 'AbortError') return 'playing'; // a newer stream took over
  }
  element.muted = true;
  return element.play().then(
    () => 'muted',
    () => 'blocked',
  );
}

/**
 * Whether the picture fills its box, cropped, or is shown whole.
 *
 * @param {{current: HTMLElement | null}} box
 * @param {{width: number, height: number}} size
 */
function useCover(box, { width, height }) {
  const [ratio, setRatio] = useState(0);
  useEffect(() => {
    if (!box.current) return undefined;
    const watcher = new ResizeObserver(([{ contentRect }]) => setRatio(contentRect.width / contentRect.height));
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  if (!width || !ratio) return false;
  const picture = width / height;
  return 1 - Math.min(picture / ratio, ratio / picture) <= CROP;
}
