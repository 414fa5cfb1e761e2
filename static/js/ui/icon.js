/** A line icon of the vendored set, drawn as a mask in the colour of the text around it. */
import { html } from '../html.js';

/** Decorative: whatever it stands in carries the name. @param {{name: string, size?: number}} props */
export function Icon({ name, size = 24 }) {
  const url = `url(/static/vendor/icons/${name}.svg)`;
  const style = { width: `${size}px`, height: `${size}px`, maskImage: url, WebkitMaskImage: url };
  return html`<span class="icon" aria-hidden="true" style=${style}></span>`;
}
