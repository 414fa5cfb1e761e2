/**
 * Friends over the map: the pointer of who points, the face of who only looks, at the edge when they
 * look elsewhere. Plain elements above Leaflet's panes, moved once per frame and only while
 * something moves.
 */
import { initialOf } from '../ui/avatar.js';
import { clampToEdge, middle, spread } from './edge.js';

/** @typedef {import('./wire.js').RoomPerson} RoomPerson */

/** Half a face plus a little air, so that a face at the edge is whole. */
const MARGIN = 28;

/** Faces keep this far apart, px. */
const FACE = 32;

/** A face whose middle is within this box around a pin's spot hides the pin, which stands on it, or its name below, px. */
const HIDES = { beside: 36, above: 66, below: 36 };

/** A face this close to our own middle looks where we look: it would only be in the way. */
const TOGETHER = 36;

/** @param {number} dx @param {number} dy  of a face from a pin's spot */
const hides = (dx, dy) => Math.abs(dx) < HIDES.beside && dy > -HIDES.above && dy < HIDES.below;

/** @param {string} name @param {string} [text] */
function element(name, text = '') {
  const made = document.createElement('span');
  made.className = name;
  made.textContent = text;
  return made;
}

/** @param {RoomPerson} person @param {string} colour */
function friendElement({ id, name }, colour) {
  const box = element('friend');
  box.style.setProperty('--colour', colour);
  box.dataset.friend = id;
  box.dataset.testid = 'friend';
  box.hidden = true;
  const face = element('friend-face');
  face.append(element('friend-beak'), element('friend-disc', initialOf(name)));
  const arrow = element('friend-arrow');
  arrow.append(element('friend-tip'), element('friend-name', name));
  box.append(face, arrow);
  return box;
}

export class FriendsLayer {
  /** @type {Map<string, HTMLElement>} */ #elements = new Map();
  /** @type {readonly RoomPerson[]} */ #people = [];
  #frame = 0;
  #last = 0;
  /** Told once per frame in which someone moved. */
  onframe = () => {};
  /** Where pins stand that a face must not hide. @type {readonly import('../types.js').LatLng[]} */
  #pins = [];

  /**
   * @param {import('./map-canvas.js').MapCanvas} canvas
   * @param {import('./presence.js').Presence} presence
   * @param {(id: string) => string} colourOf
   */
  constructor(canvas, presence, colourOf) {
    this.canvas = canvas;
    this.presence = presence;
    this.colourOf = colourOf;
    this.box = element('friends');
    this.box.setAttribute('aria-hidden', 'true');
    canvas.element.append(this.box);
    this.stir = this.stir.bind(this);
    canvas.map.on('move zoom resize', this.stir);
  }

  /** Who is drawn: everyone but yourself. @param {readonly RoomPerson[]} people */
  show(people) {
    this.#people = people;
    const here = new Set(people.map(({ id }) => id));
    for (const [id, old] of this.#elements) {
      if (here.has(id)) continue;
      old.remove();
      this.#elements.delete(id);
    }
    for (const person of people) {
      const old = this.#elements.get(person.id);
      if (old && old.dataset.name === person.name) continue;
      const fresh = friendElement(person, this.colourOf(person.id));
      fresh.dataset.name = person.name;
      this.#elements.set(person.id, fresh);
      if (old) old.replaceWith(fresh);
      else this.box.append(fresh);
    }
    this.stir();
  }

  /** What faces fade over. @param {readonly import('../types.js').LatLng[]} pins */
  yieldTo(pins) {
    this.#pins = pins;
    this.stir();
  }

  /** Who speaks now. @param {readonly string[]} ids */
  speak(ids) {
    for (const [id, box] of this.#elements) box.toggleAttribute('data-speaks', ids.includes(id));
  }

  /** Something moved, or may have: draw until it rests. */
  stir() {
    if (this.#frame) return;
    this.#last = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#tick(now));
  }

  close() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.canvas.map.off('move zoom resize', this.stir);
    this.box.remove();
  }

  /** @param {number} now */
  #tick(now) {
    this.#frame = 0;
    const moved = this.presence.step(Math.max(0, now - this.#last));
    this.onframe();
    this.#draw();
    if (!moved) return;
    this.#last = now;
    this.#frame ||= requestAnimationFrame((then) => this.#tick(then));
  }

  #draw() {
    const placed = this.#people.map((person) => this.#place(person)).filter((one) => one !== null);
    const faces = placed.filter(({ arrow }) => !arrow);
    const apart = spread(faces, FACE, middle(this.canvas.visibleBox()).x);
    faces.forEach((face, i) => Object.assign(face, apart[i]));
    const pins = this.#pins.map((at) => this.canvas.spot(at));
    for (const { box, arrow, x, y } of placed) {
      const inTheWay = !arrow && pins.some((pin) => hides(x - pin.x, y - pin.y));
      box.toggleAttribute('data-hides', inTheWay);
      box.style.transform = `translate3d(${x.toFixed(1)}px, ${y.toFixed(1)}px, 0)`;
    }
  }

  /** Where a friend is drawn, and as what; null when nowhere. @param {RoomPerson} person */
  #place({ id, away }) {
    const box = this.#elements.get(id);
    const seen = this.presence.seen(id);
    if (!box) return null;
    const points = !away && !!seen?.at;
    const at = points ? seen?.at : seen?.view && /** @type {[number, number]} */ (seen.view.slice(0, 2));
    box.hidden = !at;
    if (!at) return null;
    const visible = this.canvas.visibleBox();
    const spot = this.canvas.spot(at);
    const edge = clampToEdge(spot, {
      left: visible.left + MARGIN, top: visible.top + MARGIN + this.canvas.insets.head,
      right: visible.right - MARGIN, bottom: visible.bottom - Math.max(MARGIN, this.canvas.insets.foot),
    });
    const arrow = points && !clampToEdge(spot, visible).outside;
    const heart = middle(visible);
    box.hidden = !arrow && Math.hypot(spot.x - heart.x, spot.y - heart.y) < TOGETHER;
    box.className = `friend ${arrow ? 'points' : 'looks'}${edge.outside ? ' far' : ''}${away ? ' away' : ''}`;
    box.style.setProperty('--angle', `${edge.angle.toFixed(0)}deg`);
    const { x, y } = arrow ? spot : edge;
    return box.hidden ? null : { box, arrow, x, y };
  }
}
