/** The providers' marks in the colours and proportions that they prescribe, drawn here; a door for the rest. */
import { html } from '../html.js';
import { Icon } from '../ui/icon.js';
import { isKnown } from './providers.js';

/** @type {Record<string, () => import('../html.js').Node>} */
const MARKS = {
  kakao: () => html`<svg viewBox="0 0 20 20"><path d="M10 2.2c4.7 0 8.5 3 8.5 6.7s-3.8 6.7-8.5 6.7c-.6 0-1.2 0-1.7-.1l-3.6 2.4c-.3.2-.6 0-.5-.4l.8-3C2.9 13.3 1.5 11.3 1.5 8.9c0-3.7 3.8-6.7 8.5-6.7Z" fill="#000" /></svg>`,
  naver: () => html`<svg viewBox="0 0 20 20"><path d="M3.5 3h4.7l3.7 6V3h4.6v14h-4.7l-3.7-6v6H3.5Z" fill="#fff" /></svg>`,
  google: Google,
};

/** @param {{provider: string}} props */
export function ProviderMark({ provider }) {
  return html`<span class=${`provider-mark ${isKnown(provider) ? provider : 'other'}`} aria-hidden="true">${isKnown(provider) ? MARKS[provider]() : html`<${Icon} name="log-in" size=${20} />`}</span>`;
}

/** A ring in four colours, open at the upper right, with a bar: four arcs of one circle. */
function Google() {
  const arcs = [
    ['#EA4335', 'M3.5 6.2A7.5 7.5 0 0 1 15.3 4.7'],
    ['#FBBC05', 'M3.5 13.8A7.5 7.5 0 0 1 3.5 6.2'],
    ['#34A853', 'M14.8 15.75A7.5 7.5 0 0 1 3.5 13.8'],
    ['#4285F4', 'M10 10H17.5A7.5 7.5 0 0 1 14.8 15.75'],
  ];
  return html`<svg viewBox="0 0 20 20">${arcs.map(([colour, d]) => html`<path key=${colour} d=${d} fill="none" stroke=${colour} stroke-width="3.2" />`)}</svg>`;
}
