/**
 * What only this screen knows: which tab, which place, what is being typed. It outlives a lost
 * connection and a change of the layout, so nothing typed is lost.
 */
import { signal } from '@preact/signals';

/**
 * @typedef {import('../types.js').LatLng} LatLng
 * @typedef {{name: string, at: LatLng, category: string, problem: {code: string, message: string} | null,
 *   busy: boolean}} Draft
 * @typedef {'low' | 'half' | 'full'} Snap
 */

const SEEN = 'wagu.result-seen/';

export class RoomUi {
  /** @param {string} map  its id */
  constructor(map) {
    /** @private */
    this.map = map;
    /** Of the panel on a phone; a desktop shows both. @type {import('@preact/signals').Signal<'ballot' | 'chat'>} */
    this.tab = signal('ballot');
    /** How far the panel is pulled up. @type {import('@preact/signals').Signal<Snap>} */
    this.snap = signal('low');
    /** The place whose card is open, by its pin's key. */
    this.chosen = signal('');
    /** A tap on the map drops the draft. */
    this.nominating = signal(false);
    /** @type {import('@preact/signals').Signal<Draft | null>} */
    this.draft = signal(null);
    /** Known places on the map. @type {import('@preact/signals').Signal<import('../types.js').Place[]>} */
    this.places = signal([]);
    /** @type {import('@preact/signals').Signal<import('../types.js').Live[]>} */
    this.lives = signal([]);
    /** Whether the known places in view are asked for. */
    this.placesShown = signal(false);
    this.query = signal('');
    /** Whose viewport we follow. */
    this.following = signal('');
    /** Whose viewport is outlined. */
    this.outlined = signal('');
    /** @type {import('@preact/signals').Signal<'' | 'share' | 'host' | 'voice' | 'reason' | 'result'>} */
    this.sheet = signal('');
    /** The round whose result was looked at and put away. */
    this.resultSeen = signal(Number(sessionStorage.getItem(SEEN + map)));
  }

  /** The result of this round is known: neither a reload nor coming back shows it by itself. @param {number} round */
  sawResult(round) {
    this.resultSeen.value = round;
    sessionStorage.setItem(SEEN + this.map, String(round));
  }

  /** @param {LatLng} at */
  dropDraft(at) {
    const old = this.draft.value;
    this.draft.value = { name: '', category: '', ...old, at, problem: null, busy: false };
    this.chosen.value = '';
    this.nominating.value = true;
  }

  dropNothing() {
    this.nominating.value = false;
    this.draft.value = null;
  }

  /** @param {string} key */
  choose(key) {
    this.chosen.value = key;
    if (key) this.snap.value = 'low';
  }
}
