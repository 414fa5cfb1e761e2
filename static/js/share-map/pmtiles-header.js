/**
 * The two facts of a PMTiles header (specification v3, the file's first 127 bytes) that the layer
 * cannot do without: what the tiles are, and how deep they go. Pure.
 */

export const HEADER_BYTES = 127;

/** Tile types of the specification. */
const TYPES = ['unknown', 'mvt', 'png', 'jpeg', 'webp', 'avif'];

/**
 * @param {ArrayBuffer} bytes
 * @returns {{type: string, maxZoom: number}}
 * @throws {RangeError} when it is no PMTiles archive of version 3
 */
export function readHeader(bytes) {
  const view = new Uint8Array(bytes);
  const magic = String.fromCharCode(...view.subarray(0, 7));
  if (view.length < HEADER_BYTES || magic !== 'PMTiles' || view[7] !== 3) {
    throw new RangeError('not a PMTiles archive of version 3');
  }
  return { type: TYPES[view[99]] ?? 'unknown', maxZoom: view[101] };
}
