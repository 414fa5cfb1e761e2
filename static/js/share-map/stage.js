/**
 * The room's map, put together: canvas, pins, friends, following, and what the hand on it means.
 * Imperative on purpose: it moves sixty times a second, the components around it do not.
 */
import { effect } from '@preact/signals';
import { t } from '../i18n.js';
import { firstView } from './first-view.js';
import { FriendsLayer } from './friends-layer.js';
import { Follow } from './follow.js';
import { MapCanvas } from './map-canvas.js';
import { pinList } from './pin-list.js';
import { Pins } from './pins.js';

/** A finger leaves the glass; its spot stays visible long enough to be seen by friends. */
const TOUCH_LINGERS = 1_200;

/** Panels that slide have arrived. */
const SETTLED = 320;

export class Stage {
  /** @type {(() => void)[]} */ #stops = [];
  /** @type {{x: number, y: number} | null} */ #pointer = null;
  #lingering = 0;
  #settling = 0;
  /** @type {import('./wire.js').View} */ #start;
  #arrived = false;
  #closed = false;

  /**
   * @param {HTMLElement} element
   * @param {{room: import('./room.js').MapRoom, ui: import('./room-ui.js').RoomUi,
   *   config: import('../types.js').Config, lang: string}} parts
   */
  constructor(element, { room, ui, config, lang }) {
    this.room = room;
    this.ui = ui;
    this.canvas = new MapCanvas(element, {
      tiles: config.tiles, center: config.center, zoom: config.zoom, lang, label: t('map.canvas'),
    });
    this.pins = new Pins(this.canvas.map, (key) => this.#pressed(key), (_, at) => ui.dropDraft(at));
    this.friends = new FriendsLayer(this.canvas, room.presence, room.colourOf);
    this.follow = new Follow(this.canvas, room, ui);
    this.friends.onframe = () => this.follow.step();
    room.onpresence = this.friends.stir;
    this.#listen();
    this.#stops.push(
      room.socket.on('joined', (message) => this.#arrive(message)),
      effect(() => {
        const pins = this.#list();
        this.pins.show(pins);
        this.friends.yieldTo(pins.filter(({ kind }) => kind !== 'place').map(({ at }) => at));
      }),
      effect(() => {
        this.friends.show(room.people.value.filter(({ id }) => id !== room.you.value?.id));
        this.friends.speak(room.speakers.value);
      }),
    );
    this.#start = [...config.center, config.zoom];
  }

  /** The visible part changed, or the map moved. */
  tellView() {
    if (!this.#arrived) return;
    this.room.look.look(this.canvas.look());
    if (this.#pointer) this.#point(this.#pointer);
  }

  /** @param {import('./map-canvas.js').Insets} insets  px covered by panels */
  cover(insets) {
    if (this.#closed) return;
    this.canvas.cover(insets);
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => this.#reveal(), SETTLED);
    this.tellView();
    this.friends.stir();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#lingering);
    clearTimeout(this.#settling);
    for (const stop of this.#stops) stop();
    this.room.onpresence = () => {};
    this.follow.close();
    this.friends.close();
    this.canvas.close();
  }

  #listen() {
    const { canvas, ui } = this;
    const { map, element } = canvas;
    map.on('move zoom', () => this.tellView());
    map.on('click', ({ latlng }) => {
      if (ui.nominating.value) ui.dropDraft(rounded(latlng.wrap()));
      else ui.choose('');
    });
    map.on('contextmenu', ({ latlng }) => {
      if (this.room.ballot.value.open) ui.dropDraft(rounded(latlng.wrap()));
    });
    element.addEventListener('pointermove', (event) => this.#moved(event));
    element.addEventListener('pointerdown', (event) => this.#moved(event));
    for (const name of /** @type {const} */ (['pointerup', 'pointercancel', 'pointerleave'])) {
      element.addEventListener(name, (event) => this.#left(event));
    }
  }

  /** The first time in: look where it makes sense. A re-join leaves the map where it is.
   * @param {import('./wire.js').Joined} message */
  #arrive(message) {
    if (this.#arrived) return;
    this.#arrived = true;
    this.canvas.show(firstView(message, this.#start), { animate: false });
    this.tellView();
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    if (!event.isPrimary) return;
    clearTimeout(this.#lingering);
    const { left, top } = this.canvas.element.getBoundingClientRect();
    this.#pointer = { x: event.clientX - left, y: event.clientY - top };
    this.#point(this.#pointer);
  }

  /** @param {PointerEvent} event */
  #left({ type, pointerType }) {
    if (pointerType === 'mouse' && type !== 'pointerleave') return;
    clearTimeout(this.#lingering);
    const leave = () => {
      this.#pointer = null;
      this.room.look.point(null);
    };
    if (pointerType === 'mouse') leave();
    else this.#lingering = window.setTimeout(leave, TOUCH_LINGERS);
  }

  /** @param {{x: number, y: number}} spot */
  #point({ x, y }) {
    const { lat, lng } = this.canvas.map.containerPointToLatLng([x, y]).wrap();
    this.room.look.point([lat, lng]);
  }

  /** A card must not hide the pin it is about. */
  #reveal() {
    const { draft, chosen, following } = this.ui;
    const at = draft.peek()?.at ?? this.#list().find(({ key }) => key === chosen.peek())?.at;
    if (at && !following.peek()) this.canvas.reveal(at);
  }

  /** @param {string} key */
  #pressed(key) {
    if (key !== 'draft') this.ui.choose(key);
  }

  #list() {
    const { ui, room } = this;
    return pinList({
      ballot: room.ballot.value, places: ui.places.value, lives: ui.lives.value,
      draft: ui.draft.value, chosen: ui.chosen.value,
    }, t);
  }
}

/** About 0.1 m: more digits would only be noise on the wire.
 * @param {import('leaflet').LatLng} at @returns {import('./wire.js').LatLng} */
function rounded({ lat, lng }) {
  return [Number(lat.toFixed(6)), Number(lng.toFixed(6))];
}
