/** Hello, who is on air, the way into a shared map, and what people ate. */
import { Feed } from '../finding/feed.js';
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { LIVES_EVERY, LiveFaces, takeLives } from '../live/card.js';
import { useFetched } from '../poll.js';
import { person } from '../session.js';
import { FriendsMap } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { LanguageSwitch } from '../ui/language-switch.js';
import { useTitle } from '../ui/title.js';

/** @param {any} body @returns {import('../types.js').ShareMap[]} */
const takeMaps = (body) => body.share_maps;

export default function Home() {
  useTitle();
  const who = person.value;
  const member = who?.kind === 'member';
  const { data: maps } = useFetched(member ? '/api/share-maps' : null, takeMaps);
  return html`
    <div class="page home">
      <div class="page-top on-dark">
        <h1>${who ? t('home.hello', { name: who.name }) : t('home.hello_nobody')}</h1>
        <${OnAir} member=${member} />
      </div>
      <div class="page-sheet">
        ${member ? html`<${Together} maps=${maps ?? []} />` : html`<${Welcome} />`}
        <${Feed} member=${member} />
      </div>
    </div>
  `;
}

/** Those I follow, or else everybody who is on air. @param {{member: boolean}} props */
function OnAir({ member }) {
  const { data: friends } = useFetched(member ? '/api/lives?scope=following' : null, takeLives, { every: LIVES_EVERY });
  const nobodyOfMine = !member || (friends !== null && onAir(friends).length === 0);
  const { data: all } = useFetched(nobodyOfMine ? '/api/lives' : null, takeLives, { every: LIVES_EVERY });
  if (friends && onAir(friends).length > 0) return html`<${OnAirFaces} title=${t('home.friends_on_air')} lives=${onAir(friends)} />`;
  if (!all) return html`<div class="on-air-none"></div>`;
  if (onAir(all).length > 0) return html`<${OnAirFaces} title=${t('home.on_air')} lives=${onAir(all)} />`;
  return html`<p class="on-air-none">${t('home.no_lives')} <a href="/live/new">${t('live.start')}</a></p>`;
}

/** @param {import('../types.js').Live[]} lives */
const onAir = (lives) => lives.filter(({ state }) => state !== 'waiting');

/** @param {{title: string, lives: import('../types.js').Live[]}} props */
function OnAirFaces({ title, lives }) {
  return html`<section class="on-air" aria-label=${title}><h2>${title}</h2><${LiveFaces} lives=${lives} /></section>`;
}

/** A member knows what this is: the way in, and the maps that are open. @param {{maps: import('../types.js').ShareMap[]}} props */
function Together({ maps }) {
  const until = (/** @type {number} */ at) => new Date(at).toLocaleTimeString(locale.value, { hour: 'numeric', minute: '2-digit' });
  return html`
    <section class="together" aria-label=${t('home.start_title')}>
      <a class="together-start" href="/vote?new=1">
        <span class="together-icon"><${Icon} name="map-pinned" size=${28} /></span>
        <span class="choice-words"><b>${t('home.start_map')}</b><span class="small">${t('home.start_title')}</span></span>
        <${Icon} name="chevron-right" size=${20} />
      </a>
      ${maps.length > 0 &&
      html`<ul class="my-maps" aria-label=${t('home.my_maps')}>
        ${maps.map(
          (map) => html`
            <li key=${map.id}>
              <a class="choice" href=${`/map/${map.id}`}>
                <span class="choice-words"><b class="truncate">${map.title}</b><span class="muted small">${t('home.map_left', { time: until(map.expires_at) })}</span></span>
                <${Icon} name="chevron-right" size=${20} />
              </a>
            </li>
          `,
        )}
      </ul>`}
    </section>
  `;
}

/** Whoever comes for the first time is told what this is. */
function Welcome() {
  const steps = ['link', 'message-circle', 'trophy'];
  return html`
    <div class="home-grid">
      <section class="start">
        <${FriendsMap} />
        <div>
          <h2>${t('home.start_title')}</h2>
          <p>${t('home.start_map_text')}</p>
          <${Button} icon="map-pinned" href="/vote?new=1" wide>${t('home.start_map')}<//>
          <a class="start-join" href="/signup">${t('home.join')}</a>
        </div>
      </section>
      <section class="how">
        <h2>${t('home.how')}</h2>
        <ol>
          ${steps.map(
            (icon, i) => html`
              <li key=${icon}>
                <span class="how-icon"><${Icon} name=${icon} size=${22} /></span>
                <div><h3>${t(`home.how_${i + 1}`)}</h3><p class="muted small">${t(`home.how_${i + 1}_text`)}</p></div>
              </li>
            `,
          )}
        </ol>
        <${LanguageSwitch} />
      </section>
    </div>
  `;
}
