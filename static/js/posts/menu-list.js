/** What was eaten, one line each, the main one marked. */
import { priceText } from '../finding/words.js';
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { Picture } from '../ui/picture.js';

/** @param {{menus: import('../types.js').MenuView[], onOpen: (photo: string) => void}} props */
export function MenuList({ menus, onOpen }) {
  return html`
    <section class="post-menus">
      <h2>${t('post.menus')}</h2>
      <ul>
        ${menus.map((menu) => html`
          <li key=${menu.name} class=${menu.photo ? '' : 'plain'} data-testid="menu">
            ${menu.photo && html`<${Thumb} menu=${menu} onOpen=${onOpen} />`}
            <div class="post-menu-words">
              <p class="post-menu-top">
                <b>${menu.name}</b>
                ${menu.main && menus.length > 1 && html`<span class="post-main">${t('post.main')}</span>`}
                ${menu.price !== null && html`<span class="post-price">${priceText(menu.price, locale.value)}</span>`}
              </p>
              ${menu.text && html`<p class="post-menu-text muted">${menu.text}</p>`}
            </div>
          </li>`)}
      </ul>
    </section>
  `;
}

/** @param {{menu: import('../types.js').MenuView, onOpen: (photo: string) => void}} props */
function Thumb({ menu: { name, photo }, onOpen }) {
  if (!photo) return null;
  return html`<button type="button" class="post-menu-photo" aria-label=${t('post.photo_open', { menu: name })} onClick=${() => onOpen(photo.id)}>
    <${Picture} picture=${photo} sizes="88px" alt="" />
  </button>`;
}
