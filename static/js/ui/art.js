/** Small pictures of our own, drawn by hand as SVG. Decorative: the words beside them say it all. */
import { html } from '../html.js';

/** The mark: an open book that is a steaming bowl. */
export function BrandMark() {
  return html`
    <svg class="brand-mark" viewBox="0 0 40 40" width="32" height="32" aria-hidden="true">
      <path d="M13 4c-2.2 2.6 2.2 4.6 0 7.6M20 2.6c-2.4 2.8 2.4 5 0 8.4M27 4c-2.2 2.6 2.2 4.6 0 7.6" fill="none" stroke="#ffb27a" stroke-width="2.6" stroke-linecap="round" />
      <path d="M3 15.4c6.2-1.9 12-1.2 17 1.9 5-3.1 10.8-3.8 17-1.9 0 10.4-4.9 18.4-11.8 20.8-3.5 1.1-6.9 1.1-10.4 0C7.9 33.8 3 25.8 3 15.4Z" fill="#ff6b00" />
      <path d="M20 17.3v19.5" stroke="#24130a" stroke-width="2.2" stroke-linecap="round" />
      <path d="M7.6 20.2c3.2-.5 6-.1 8.6 1.2M32.4 20.2c-3.2-.5-6-.1-8.6 1.2M9.4 25.8c2.5-.4 4.7 0 6.8 1M30.6 25.8c-2.5-.4-4.7 0-6.8 1" fill="none" stroke="#fff6ee" stroke-width="2" stroke-linecap="round" />
    </svg>
  `;
}

/** A table with an empty chair: nobody is live. */
export function EmptyTable() {
  return html`
    <svg class="art" viewBox="0 0 220 150" aria-hidden="true">
      <ellipse cx="110" cy="132" rx="92" ry="10" fill="#f6ece3" />
      <path d="M30 74h160l-7 12H37Z" fill="#b4632b" /><rect x="44" y="86" width="10" height="44" rx="4" fill="#8c4a1d" /><rect x="166" y="86" width="10" height="44" rx="4" fill="#8c4a1d" />
      <path d="M76 52h68c0 15-11 24-34 24S76 67 76 52Z" fill="#ff6b00" /><ellipse cx="110" cy="52" rx="34" ry="7" fill="#ffe3c9" /><path d="M88 52c6-4 12 3 18-1s12 3 24 0" fill="none" stroke="#ffb27a" stroke-width="4" stroke-linecap="round" />
      <g fill="none" stroke="#e7cfba" stroke-width="4" stroke-linecap="round"><path d="M96 38c-5-6 5-9 0-16" /><path d="M111 36c-6-7 6-11 0-19" /><path d="M126 38c-5-6 5-9 0-16" /></g>
      <g stroke="#57351f" stroke-width="4" stroke-linecap="round"><path d="m150 72 22-34" /><path d="m158 72 22-32" /></g>
      <rect x="40" y="50" width="22" height="24" rx="4" fill="#fff" stroke="#ffd3b0" stroke-width="3" /><path d="M46 58h10M46 65h7" stroke="#ff6b00" stroke-width="3" stroke-linecap="round" />
    </svg>
  `;
}

/** A folded map with three pins and faces around it. */
export function FriendsMap() {
  return html`
    <svg class="art" viewBox="0 0 220 150" aria-hidden="true">
      <ellipse cx="110" cy="136" rx="88" ry="8" fill="#f6ece3" />
      <path d="m34 42 50-16 52 16 50-16v84l-50 16-52-16-50 16Z" fill="#fff3e6" stroke="#ffd3b0" stroke-width="3" stroke-linejoin="round" />
      <path d="M84 26v84M136 42v84" stroke="#ffd3b0" stroke-width="3" />
      <path d="M36 92c26-14 44 8 70-8s46-4 78-26" fill="none" stroke="#ffb27a" stroke-width="6" stroke-linecap="round" /><path d="M54 40c12 20 4 40 20 66" fill="none" stroke="#ffe0c4" stroke-width="5" stroke-linecap="round" />
      <g><path d="M110 34c12 0 20 9 20 19 0 14-20 31-20 31S90 67 90 53c0-10 8-19 20-19Z" fill="#ff6b00" /><circle cx="110" cy="54" r="9" fill="#fff" /><path d="M106 50v8M110 50v8M114 50v8" stroke="#ff6b00" stroke-width="2" stroke-linecap="round" /></g>
      <g font-family="inherit" stroke="#fff" stroke-width="3"><circle cx="58" cy="66" r="13" fill="#1f7040" /><circle cx="164" cy="84" r="13" fill="#1d5fa8" /><circle cx="150" cy="44" r="11" fill="#a52a5c" /></g>
      <g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"><path d="M53 69c3 4 7 4 10 0M54 62h.1M62 62h.1" /><path d="M159 87c3 4 7 4 10 0M160 80h.1M168 80h.1" /><path d="M146 46c2.5 3 5.5 3 8 0M147 41h.1M153 41h.1" /></g>
    </svg>
  `;
}

/** A camera on its stand looking at a dish. */
export function CameraArt() {
  return html`
    <svg class="art" viewBox="0 0 220 150" aria-hidden="true">
      <ellipse cx="110" cy="134" rx="88" ry="9" fill="#f6ece3" />
      <rect x="44" y="34" width="62" height="92" rx="11" fill="#3a2113" /><rect x="50" y="42" width="50" height="70" rx="5" fill="#ffe9d6" /><circle cx="75" cy="119" r="3" fill="#ffb27a" />
      <path d="M58 82h34c0 9-6 14-17 14s-17-5-17-14Z" fill="#ff6b00" /><path d="M68 74c-2.5-3 2.5-5 0-8M76 73c-2.5-3 2.5-6 0-9M84 74c-2.5-3 2.5-5 0-8" fill="none" stroke="#e2b893" stroke-width="2.6" stroke-linecap="round" />
      <rect x="54" y="46" width="20" height="9" rx="4.5" fill="#e5202b" /><circle cx="59" cy="50.5" r="2" fill="#fff" />
      <path d="M130 98h60c0 17-11 27-30 27s-30-10-30-27Z" fill="#ff6b00" /><ellipse cx="160" cy="98" rx="30" ry="6" fill="#ffe3c9" /><path d="M142 98c5-3 9 2 15-1s10 2 21 0" fill="none" stroke="#ffb27a" stroke-width="3.5" stroke-linecap="round" />
      <g fill="none" stroke="#e7cfba" stroke-width="3.6" stroke-linecap="round"><path d="M148 84c-4-5 4-8 0-14" /><path d="M160 82c-5-6 5-9 0-16" /><path d="M172 84c-4-5 4-8 0-14" /></g>
      <path d="M112 64c8 4 14 10 18 18M114 50c14 5 24 14 30 26" fill="none" stroke="#ffd3b0" stroke-width="3" stroke-linecap="round" stroke-dasharray="1 7" />
    </svg>
  `;
}

/** A finished meal: a clean bowl and resting chopsticks. */
export function FinishedMeal() {
  return html`
    <svg class="art" viewBox="0 0 220 150" aria-hidden="true">
      <ellipse cx="110" cy="122" rx="92" ry="14" fill="#f6ece3" />
      <path d="M66 70h80c0 28-14 44-40 44S66 98 66 70Z" fill="#ff6b00" /><path d="M90 112h32l-4 10H94Z" fill="#d95a00" /><ellipse cx="106" cy="70" rx="40" ry="10" fill="#fff0e3" /><ellipse cx="106" cy="72" rx="28" ry="5" fill="#ffd9b8" />
      <g stroke="#8c4a1d" stroke-width="5" stroke-linecap="round"><path d="m150 118 40-62" /><path d="m162 120 38-58" /></g>
      <path d="m46 46 3.5 8 8 3.5-8 3.5-3.5 8-3.5-8-8-3.5 8-3.5Z" fill="#ffb27a" /><path d="m168 28 2.5 6 6 2.5-6 2.5-2.5 6-2.5-6-6-2.5 6-2.5Z" fill="#ffd3b0" /><circle cx="64" cy="30" r="3" fill="#ffd3b0" />
    </svg>
  `;
}

/** A padlock on a lens: the browser keeps the camera back. */
export function LockedCamera() {
  return html`
    <svg class="art" viewBox="0 0 220 150" aria-hidden="true">
      <ellipse cx="110" cy="132" rx="80" ry="9" fill="#f6ece3" />
      <rect x="48" y="46" width="92" height="72" rx="14" fill="#3a2113" /><path d="m140 72 30-16v52l-30-16Z" fill="#57351f" /><circle cx="94" cy="82" r="22" fill="#57351f" /><circle cx="94" cy="82" r="13" fill="#ffb27a" /><circle cx="89" cy="77" r="4" fill="#fff0e3" />
      <g><rect x="122" y="88" width="50" height="40" rx="9" fill="#ff6b00" stroke="#fff" stroke-width="4" /><path d="M134 88v-9a13 13 0 0 1 26 0v9" fill="none" stroke="#ff6b00" stroke-width="7" /><circle cx="147" cy="105" r="5" fill="#fff" /><path d="M147 107v9" stroke="#fff" stroke-width="4" stroke-linecap="round" /></g>
    </svg>
  `;
}
