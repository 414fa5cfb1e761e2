/** The ground of the map: raster tiles, one PMTiles file, or a blank graticule. */
import { tileLayer } from 'leaflet';
import { graticule } from './graticule.js';
import { HEADER_BYTES, readHeader } from './pmtiles-header.js';

/** @typedef {import('../types.js').Config['tiles']} Tiles */

/** Beyond the deepest tiles there are, the last ones are enlarged. */
export const ZOOM_MAX = 20;

/**
 * @param {Tiles} tiles
 * @param {string} lang  of the labels, where the tiles have a choice
 * @returns {Promise<import('leaflet').GridLayer>}  rejects when the PMTiles file cannot be drawn
 */
export async function baseLayer({ kind, url, attribution, max_zoom }, lang) {
  const credit = attribution ?? '';
  if (kind === 'raster' && url) {
    return tileLayer(url, { attribution: credit, maxNativeZoom: max_zoom, maxZoom: ZOOM_MAX });
  }
  if (kind === 'pmtiles' && url) return vectorLayer(url, credit, lang);
  return graticule();
}

/**
 * Extracts differ in depth, and asking below the deepest level draws nothing: the header says.
 * @param {string} url @param {string} credit @param {string} lang
 */
async function vectorLayer(url, credit, lang) {
  const [header, { leafletLayer }] = await Promise.all([
    fetch(url, { headers: { Range: `bytes=0-${HEADER_BYTES - 1}` } }).then((answer) => answer.arrayBuffer()),
    import('protomaps-leaflet'), // 130 KB that most servers never need
  ]);
  const { type, maxZoom } = readHeader(header);
  if (type !== 'mvt') throw new RangeError(`PMTiles of type ${type} are not drawn, only vector tiles`);
  const layer = leafletLayer({
    url, flavor: 'light', lang, maxDataZoom: maxZoom, ...(credit && { attribution: credit }),
  });
  return /** @type {any} */ (layer);
}
