/**
 * Places on the explore map: dark discs, those close together as a bubble with their number, an orange
 * ring where somebody is live, around what is shown there. `show` makes the map agree with the list.
 */
import { divIcon, marker } from 'leaflet';
import { render } from 'preact';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { categoryKey } from '../share-map/categories.js';
import { CategoryIcon } from '../ui/category-icon.js';
import { keyOf } from './spots-source.js';

/** @typedef {import('../types.js').Cluster} Cluster */

const SIZE = 44; // px: a thumb
const LARGEST = 64;

export class SpotsLayer {
  /** @type {Map<string, {look: string, marker: import('leaflet').Marker, cluster: Cluster}>} */ #shown = new Map();

  /** @param {import('leaflet').Map} map @param {(cluster: Cluster) => void} onPress */
  constructor(map, onPress) {
    this.map = map;
    this.onPress = onPress;
  }

  /** @param {readonly Cluster[]} clusters @param {number | null} chosen  a place's id */
  show(clusters, chosen) {
    const wanted = new Set(clusters.map(keyOf));
    for (const [key, { marker: old }] of this.#shown) {
      if (wanted.has(key)) continue;
      old.remove();
      this.#shown.delete(key);
    }
    for (const cluster of clusters) this.#put(cluster, cluster.place !== null && cluster.place.id === chosen);
  }

  /** @param {Cluster} cluster @param {boolean} chosen */
  #put(cluster, chosen) {
    const key = keyOf(cluster);
    const { lives, place, snapshot } = cluster;
    const look = `${lives}|${chosen}|${place?.name}|${place?.category}|${Boolean(snapshot)}`;
    const shown = this.#shown.get(key);
    if (!shown) {
      const made = this.#make(key, cluster, chosen);
      this.#shown.set(key, { look, marker: made, cluster });
      return;
    }
    if (shown.look !== look) {
      shown.marker.setIcon(iconOf(cluster, chosen)).setZIndexOffset(layerOf(cluster, chosen));
      name(shown.marker, cluster);
    } else if (place && snapshot && snapshot !== shown.cluster.snapshot) {
      // The element stays: a new one would flicker, and begin its ring anew.
      shown.marker.getElement()?.querySelector('.spot-live')?.setAttribute('src', snapshot);
    }
    Object.assign(shown, { look, cluster });
  }

  /** @param {string} key @param {Cluster} cluster @param {boolean} chosen */
  #make(key, cluster, chosen) {
    const made = marker(cluster.at, {
      icon: iconOf(cluster, chosen), keyboard: true, riseOnHover: true, bubblingMouseEvents: false, zIndexOffset: layerOf(cluster, chosen),
    }).addTo(this.map);
    const press = () => this.onPress(/** @type {{cluster: Cluster}} */ (this.#shown.get(key)).cluster);
    made.on('click', press);
    made.on('keydown', ({ originalEvent }) => {
      if (originalEvent.key !== 'Enter' && originalEvent.key !== ' ') return;
      originalEvent.preventDefault();
      press();
    });
    name(made, cluster);
    return made;
  }
}

/** @param {Cluster} cluster @param {boolean} chosen */
const layerOf = ({ lives }, chosen) => (chosen ? 2000 : lives > 0 ? 1000 : 0);

/** @param {Cluster} cluster @param {boolean} chosen */
function iconOf({ place, count, lives, snapshot }, chosen) {
  const size = place ? SIZE : Math.min(LARGEST, SIZE + 5 * Math.floor(Math.log2(count)));
  const box = document.createElement('span');
  box.className = `spot${place ? '' : ' heap'}${lives > 0 ? ' live' : ''}${chosen ? ' chosen' : ''}`;
  render(place ? html`<${CategoryIcon} name=${categoryKey(place.category)} size=${22} /><${Shown} address=${snapshot} /><span class="spot-name">${place.name}</span>` : html`<b>${short(count)}</b>`, box);
  return divIcon({ html: box, className: 'spot-box', iconSize: [size, size] });
}

/** A picture of the live, over the sign of its place. @param {{address: string | null}} props */
function Shown({ address }) {
  const toggle = (/** @type {Event} */ event) => {
    /** @type {HTMLElement} */ (event.currentTarget).hidden = event.type === 'error';
  };
  return address && html`<img class="spot-live" src=${address} alt="" onError=${toggle} onLoad=${toggle} />`;
}

/** @param {number} count */
const short = (count) => (count < 1000 ? String(count) : `${Math.floor(count / 1000)}k`);

/** @param {import('leaflet').Marker} on @param {Cluster} cluster */
function name(on, { place, count, lives }) {
  const element = on.getElement();
  const what = place ? place.name : t('explore.heap', { n: count });
  element?.setAttribute('aria-label', lives > 0 ? `${what}, ${t('explore.lives', { n: lives })}` : what);
  element?.setAttribute('data-testid', `${place ? 'pin' : 'heap'}-${lives > 0 ? 'live' : 'place'}`);
}
