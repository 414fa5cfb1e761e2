/** A blank map: parallels and meridians with their degrees, for a server without map tiles. */
import { GridLayer, point } from 'leaflet';
import { degreeLabel, linesBetween, stepFor } from './graticule-lines.js';

const PAPER = '#fbf5ee';
const LINE = '#eadfd2';
const TEXT = '#b39d8a';
const FONT = '500 11px "Pretendard Variable", Pretendard, sans-serif';

/** A label may reach this far out of the tile its crossing is in, so each tile looks around. */
const REACH = 80;

const GraticuleLayer = GridLayer.extend({
  /**
   * @this {import('leaflet').GridLayer}
   * @param {import('leaflet').Coords} coords
   */
  createTile(coords) {
    const size = this.getTileSize();
    const canvas = document.createElement('canvas');
    const sharp = window.devicePixelRatio || 1;
    canvas.width = size.x * sharp;
    canvas.height = size.y * sharp;
    const pen = canvas.getContext('2d');
    if (pen) draw(pen, /** @type {any} */ (this)._map, coords, size.x, sharp);
    return canvas;
  },
});

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {import('leaflet').Map} map
 * @param {import('leaflet').Coords} coords
 * @param {number} size  px of a tile's side
 * @param {number} sharp  device pixels per px
 */
function draw(pen, map, coords, size, sharp) {
  const origin = point(coords.x * size, coords.y * size);
  const northWest = map.unproject(origin.subtract([REACH, REACH]), coords.z);
  const southEast = map.unproject(origin.add([size + REACH, size + REACH]), coords.z);
  const step = stepFor(coords.z);
  const xs = linesBetween(northWest.lng, southEast.lng, step).map((lng) => ({
    degrees: lng, at: map.project([0, lng], coords.z).x - origin.x, label: degreeLabel(lng, step, 'lng'),
  }));
  const ys = linesBetween(southEast.lat, northWest.lat, step).map((lat) => ({
    degrees: lat, at: map.project([lat, 0], coords.z).y - origin.y, label: degreeLabel(lat, step, 'lat'),
  }));
  pen.scale(sharp, sharp);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = LINE;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const { at } of xs) pen.rect(Math.round(at), -1, 0, size + 2);
  for (const { at } of ys) pen.rect(-1, Math.round(at), size + 2, 0);
  pen.stroke();
  pen.fillStyle = TEXT;
  pen.font = FONT;
  for (const x of xs) {
    for (const y of ys) {
      // Crossings take turns, like a chequerboard: every line is named, and the map stays quiet.
      const turn = (Math.round(x.degrees / step) + Math.round(y.degrees / step)) % 2 === 0;
      pen.fillText(turn ? x.label : y.label, x.at + 5, y.at - 6);
    }
  }
}

/** @returns {import('leaflet').GridLayer} */
export function graticule() {
  return new /** @type {any} */ (GraticuleLayer)({ attribution: '', className: 'graticule' });
}
