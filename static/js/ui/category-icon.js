/** The kinds of food as line icons of our own, in the colour of the text around them. Decorative. */
import { html } from '../html.js';

/** On a field of 24 × 24, by the keys of `share-map/categories.js`. @type {Record<string, string>} */
const LINES = {
  all: 'M6.5 3v5a2.5 2.5 0 0 0 5 0V3M9 3v18M16 21V3c2.6 1 3.6 4 3.6 7.2 0 1.9-1.2 2.8-3.6 2.8',
  korean: 'M3 12.5h18c0 4.4-3.1 7.5-7 7.5h-4c-3.9 0-7-3.1-7-7.5ZM5.2 12.5C5.4 8.8 8.3 6.5 12 6.5s6.6 2.3 6.8 6M9.5 9.8h.01M13 9h.01M14.8 10.8h.01M9 3.5V2M15 3.5V2',
  chinese: 'M3.5 16.5c0-5.5 3.8-10.3 8.5-12.5 4.7 2.2 8.5 7 8.5 12.5 0 2.5-2.5 3.5-8.5 3.5s-8.5-1-8.5-3.5ZM12 4v5M12 9l-4 5M12 9l4 5',
  japanese: 'M3 12.2C3 8 7 5.5 12.5 5.5c5 0 8.5 2 8.5 4.7 0 2-1.5 2.8-4 2.8H4.5c-1 0-1.5-.3-1.5-.8ZM5 13v2.5A3.5 3.5 0 0 0 8.5 19h7a3.5 3.5 0 0 0 3.5-3.5v-2.7M9.5 6.2l-2 5M14.5 5.8l-2 5',
  western: 'M12 21 3.3 6.8c5.2-3.7 12.2-3.7 17.4 0ZM5 9.6c4.4-2.7 9.6-2.7 14 0M10 12.5h.01M13.7 12.2h.01M12 16.2h.01',
  snack: 'M3.5 20.5l2.9-2.9M17.6 6.4l2.9-2.9M5.7 14.9l3.4-3.4 3.4 3.4-3.4 3.4a2.4 2.4 0 0 1-3.4-3.4ZM9.1 11.5l2.7-2.7 3.4 3.4-2.7 2.7M11.8 8.8l2.4-2.4a2.4 2.4 0 0 1 3.4 3.4l-2.4 2.4',
  cafe: 'M4 9h13v5.5a5.5 5.5 0 0 1-5.5 5.5h-2A5.5 5.5 0 0 1 4 14.5ZM17 10.5h1.2a2.8 2.8 0 0 1 0 5.6h-1.6M8 6V3.5M12.5 6V3.5',
  dessert: 'M7 12l5 9.5L17 12M6 12a6 6 0 1 1 12 0 2 2 0 0 1-3 .5 2.2 2.2 0 0 1-3 0 2.2 2.2 0 0 1-3 0 2 2 0 0 1-3-.5ZM12 6V3.8',
  other: 'M3 17h18M5 17a7 7 0 0 1 14 0M12 10V7.8M10.8 7.8h2.4M6.5 20h11',
};

/** @param {{name: string, size?: number}} props  name: `all`, or a category's key */
export function CategoryIcon({ name, size = 24 }) {
  return html`
    <svg class="category-icon" viewBox="0 0 24 24" width=${size} height=${size} fill="none" stroke="currentColor" stroke-width="1.7"
      stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${LINES[name] ?? LINES.other} /></svg>
  `;
}
