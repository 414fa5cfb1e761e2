/**
 * A person as a disc: their picture, or the initial on a colour that follows from the id, the same for
 * everyone. The initial stays below the picture: it shows while that comes, and if it never does.
 */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { html } from '../html.js';

/** Backgrounds that carry white text at 4.5:1 or better, warm ones first. */
export const COLOURS = ['#b3470f', '#a3312b', '#8a5a00', '#5f6b12', '#1f7040', '#0f6b6b', '#1d5fa8', '#5a4bb0', '#8a3a8f', '#a52a5c', '#6d4c3d', '#4a5568'];

/** @param {string} id */
export function colourOf(id) {
  let hash = 0;
  for (const c of id) hash = (hash * 31 + (c.codePointAt(0) ?? 0)) >>> 0;
  return COLOURS[hash % COLOURS.length];
}

/** Who gives the colour: a room may give its people other ones, so that no two look alike. */
export const Palette = createContext(colourOf);

/** The first character as people see it (a grapheme: an emoji is one). @param {string} name */
export function initialOf(name) {
  const first = [...new Intl.Segmenter().segment(name.trim())][0]?.segment ?? '?';
  return first.toUpperCase();
}

/**
 * @param {{person: {id: string, name: string, photo?: string | null}, size?: number, ring?: 'live' | 'speaking' | 'none', dim?: boolean, label?: string}} props
 *   `label` makes it an image with a name; without one it is decoration beside the name
 */
export function Avatar({ person, size = 40, ring = 'none', dim = false, label }) {
  const style = { '--size': `${size}px`, '--colour': useContext(Palette)(person.id) };
  const names = `avatar ring-${ring}${dim ? ' dim' : ''}`;
  return html`<span class=${names} style=${style} role=${label ? 'img' : undefined} aria-label=${label} aria-hidden=${label ? undefined : 'true'}>
    <span>${initialOf(person.name)}</span>
    ${person.photo && html`<img key=${person.photo} src=${person.photo} width=${size} height=${size} alt="" loading="lazy" decoding="async" onError=${hide} />`}
  </span>`;
}

/** @param {Event} event */
function hide(event) {
  /** @type {HTMLElement} */ (event.currentTarget).hidden = true;
}
