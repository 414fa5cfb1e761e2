/**
 * The pins on the map: nominees (dark, orange once you voted), known places (small), lives (orange
 * ring), the draft of a nomination. `show(list)` makes the map agree with the list.
 *
 * @typedef {object} Pin
 * @property {string} key  unique among the pins
 * @property {'nominee' | 'voted' | 'winner' | 'place' | 'live' | 'draft'} kind
 * @property {import('../types.js').LatLng} at
 * @property {string} name
 * @property {string} label  accessible name
 * @property {boolean} [chosen]
 */
import { divIcon, marker } from 'leaflet';

/** @type {Record<Pin['kind'], {icon: string, size: number, layer: number}>} */
const LOOKS = {
  place: { icon: 'soup', size: 28, layer: 0 },
  nominee: { icon: 'utensils', size: 44, layer: 1000 },
  voted: { icon: 'utensils', size: 44, layer: 1100 },
  live: { icon: 'radio', size: 44, layer: 1200 },
  winner: { icon: 'trophy', size: 48, layer: 1300 },
  draft: { icon: 'plus', size: 48, layer: 1400 },
};

/** A pin's face: a disc on a point, with the name below. @param {Pin} pin */
function face({ kind, name, chosen }) {
  const disc = document.createElement('span');
  disc.className = 'pin-disc';
  const icon = document.createElement('span');
  icon.className = 'icon';
  icon.style.maskImage = `url(/static/vendor/icons/${LOOKS[kind].icon}.svg)`;
  disc.append(icon);
  const title = document.createElement('span');
  title.className = 'pin-name';
  title.textContent = name;
  const box = document.createElement('span');
  box.className = `pin pin-${kind}${chosen ? ' pin-chosen' : ''}`;
  box.append(disc, ...(kind === 'draft' && !name ? [] : [title]));
  return box;
}

/** @param {Pin} pin */
function iconOf(pin) {
  const { size } = LOOKS[pin.kind];
  return divIcon({ html: face(pin), className: 'pin-box', iconSize: [size, size], iconAnchor: [size / 2, size + 4] });
}

export class Pins {
  /** @type {Map<string, {pin: Pin, marker: import('leaflet').Marker}>} */ #shown = new Map();

  /**
   * @param {import('leaflet').Map} map
   * @param {(key: string) => void} onpress
   * @param {(key: string, at: import('../types.js').LatLng) => void} ondrag  of the draft
   */
  constructor(map, onpress, ondrag) {
    this.map = map;
    this.onpress = onpress;
    this.ondrag = ondrag;
  }

  /** @param {readonly Pin[]} pins */
  show(pins) {
    const wanted = new Set(pins.map(({ key }) => key));
    for (const [key, { marker: old }] of this.#shown) {
      if (wanted.has(key)) continue;
      old.remove();
      this.#shown.delete(key);
    }
    for (const pin of pins) this.#put(pin);
  }

  /** @param {Pin} pin */
  #put(pin) {
    const shown = this.#shown.get(pin.key);
    if (!shown) {
      this.#shown.set(pin.key, { pin, marker: this.#make(pin) });
      return;
    }
    const { pin: old, marker: on } = shown;
    if (old.at[0] !== pin.at[0] || old.at[1] !== pin.at[1]) on.setLatLng(pin.at);
    if (old.kind !== pin.kind || old.name !== pin.name || old.chosen !== pin.chosen) on.setIcon(iconOf(pin));
    shown.pin = pin;
    name(on, pin);
  }

  /** @param {Pin} pin */
  #make(pin) {
    const made = marker(pin.at, {
      icon: iconOf(pin), keyboard: true, riseOnHover: true, bubblingMouseEvents: false,
      zIndexOffset: LOOKS[pin.kind].layer, draggable: pin.kind === 'draft', autoPan: true,
    }).addTo(this.map);
    made.on('click', () => this.onpress(pin.key));
    made.on('keydown', ({ originalEvent }) => {
      if (originalEvent.key !== 'Enter' && originalEvent.key !== ' ') return;
      originalEvent.preventDefault();
      this.onpress(pin.key);
    });
    made.on('dragend', () => {
      const { lat, lng } = made.getLatLng().wrap();
      this.ondrag(pin.key, [lat, lng]);
    });
    name(made, pin);
    return made;
  }
}

/** @param {import('leaflet').Marker} on @param {Pin} pin */
function name(on, { label, key, kind }) {
  const element = on.getElement();
  element?.setAttribute('aria-label', label);
  element?.setAttribute('data-testid', `pin-${kind}`);
  element?.setAttribute('data-key', key);
}
