/**
 * Looking where a friend looks: while followed, each frame brings the map to where they are seen. A
 * hand on the map lets go.
 */
import { effect } from '@preact/signals';
import { middle } from './edge.js';

/** As long as the server keeps a seat for a lost connection, ms. */
const MISSING = 15_000;

export class Follow {
  #missing = 0;
  /** @type {(() => void)[]} */ #stops;
  #outline;

  /**
   * @param {import('./map-canvas.js').MapCanvas} canvas
   * @param {import('./room.js').MapRoom} room
   * @param {import('./room-ui.js').RoomUi} ui
   */
  constructor(canvas, room, ui) {
    this.canvas = canvas;
    this.room = room;
    this.ui = ui;
    this.#outline = document.createElement('span');
    this.#outline.className = 'friend-outline';
    this.#outline.hidden = true;
    canvas.element.append(this.#outline);
    this.#stops = [
      canvas.onTaken(() => this.letGo()),
      room.socket.on('gone', ({ id }) => id === ui.following.peek() && this.letGo()),
      effect(() => this.#check(ui.following.value, room.people.value)),
      effect(() => this.#outlined(ui.outlined.value === ui.following.value ? '' : ui.outlined.value)),
    ];
  }

  /** Once per frame. */
  step() {
    const { following, outlined } = this.ui;
    const view = this.room.presence.seen(following.value)?.view;
    if (view && this.#differs(view)) this.canvas.show(view, { animate: false, exact: true });
    this.#outlined(outlined.value === following.value ? '' : outlined.value);
  }

  letGo() {
    this.ui.following.value = '';
  }

  close() {
    clearTimeout(this.#missing);
    for (const stop of this.#stops) stop();
    this.#outline.remove();
  }

  /** Who left cannot be followed; who is only missing, as after a restart, has time to come back.
   * @param {string} id @param {readonly {id: string}[]} people */
  #check(id, people) {
    clearTimeout(this.#missing);
    if (!id) return;
    if (people.some((person) => person.id === id)) this.step();
    else this.#missing = window.setTimeout(() => this.letGo(), MISSING);
  }

  /** By more than a pixel: less would move the map for nothing. The zoom is taken to the letter,
   * because 16.4999 is drawn with other tiles than 16.5.
   * @param {import('./wire.js').View} view */
  #differs([lat, lng, zoom]) {
    const spot = this.canvas.spot([lat, lng]);
    const heart = middle(this.canvas.visibleBox());
    const away = Math.hypot(spot.x - heart.x, spot.y - heart.y);
    return away > 1 || this.canvas.map.getZoom() !== zoom;
  }

  /** What they see, drawn as if their screen were as large as ours: the wire does not tell.
   * @param {string} id */
  #outlined(id) {
    const view = id ? this.room.presence.seen(id)?.view : null;
    this.#outline.hidden = !view;
    if (!view) return;
    const [lat, lng, zoom] = view;
    const { x, y } = this.canvas.spot([lat, lng]);
    const box = this.canvas.visibleBox();
    const scale = 2 ** (this.canvas.map.getZoom() - zoom);
    const width = (box.right - box.left) * scale;
    const height = (box.bottom - box.top) * scale;
    Object.assign(this.#outline.style, {
      width: `${width}px`, height: `${height}px`, borderColor: this.room.colourOf(id),
      transform: `translate3d(${x - width / 2}px, ${y - height / 2}px, 0)`,
    });
  }
}
