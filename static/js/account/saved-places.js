/**
 * What a file of saved places would bring, read before it is sent. Pure; follows wagu/domain/geojson.py,
 * which has the last word: names and points of GeoJSON (RFC 7946), as Google Takeout writes them now and wrote them.
 */

/** As the server's. */
export const LARGEST = 5 * 1024 * 1024;
const FEATURES_MAX = 5000;
const LONGEST_NAME = 60;

const NAMES = [['name'], ['Title'], ['title'], ['location', 'name'], ['Location', 'Business Name']];
const ADDRESSES = [['address'], ['location', 'address'], ['Location', 'Address']];

/**
 * @typedef {{name: string, address: string | null, at: [number, number]}} Saved
 * @typedef {'no_name' | 'long_name' | 'no_point'} Why
 * @typedef {{name: string | null, why: Why}} Left
 * @typedef {{places: Saved[], left: Left[]}} Found
 */

/** The file is none of places; `code` as the server would say. */
export class BadFile extends Error {
  /** @param {'import.not_geojson' | 'import.too_many' | 'import.too_large'} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** @param {string} text @returns {Found}  throws BadFile */
export function readPlaces(text) {
  const features = featuresOf(parsed(text));
  if (features.length > FEATURES_MAX) throw new BadFile('import.too_many');
  /** @type {Map<string, Saved>} */
  const places = new Map();
  /** @type {Left[]} */
  const left = [];
  for (const feature of features) {
    const one = placeOf(feature);
    if ('why' in one) left.push(one);
    else places.set(JSON.stringify(one), one);
  }
  return { places: [...places.values()], left };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadFile('import.not_geojson');
  }
}

/** @param {any} tree @returns {unknown[]} */
function featuresOf(tree) {
  if (tree?.type === 'Feature') return [tree];
  if (tree?.type === 'FeatureCollection' && Array.isArray(tree.features)) return tree.features;
  throw new BadFile('import.not_geojson');
}

/** @param {unknown} feature @returns {Saved | Left} */
function placeOf(feature) {
  const properties = at(feature, ['properties']);
  const name = firstText(properties, NAMES);
  const point = pointOf(at(feature, ['geometry']));
  if (name === null) return { name, why: 'no_name' };
  if (point === null) return { name, why: 'no_point' };
  if ([...name].length > LONGEST_NAME) return { name, why: 'long_name' };
  return { name, address: firstText(properties, ADDRESSES), at: point };
}

/** Takeout writes 0,0 for what it does not know. @param {any} geometry @returns {[number, number] | null} */
function pointOf(geometry) {
  const numbers = geometry?.type === 'Point' && Array.isArray(geometry.coordinates) ? geometry.coordinates : [];
  const [lng, lat] = numbers;
  if (typeof lat !== 'number' || typeof lng !== 'number' || (lat === 0 && lng === 0)) return null;
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? [lat, lng] : null;
}

/** @param {unknown} tree @param {string[][]} paths @returns {string | null} */
function firstText(tree, paths) {
  for (const path of paths) {
    const found = at(tree, path);
    if (typeof found === 'string' && found.trim()) return found.trim().replace(/\s+/g, ' ');
  }
  return null;
}

/** @param {any} tree @param {string[]} path */
function at(tree, path) {
  return path.reduce((found, name) => (found !== null && typeof found === 'object' && !Array.isArray(found) ? found[name] : undefined), tree);
}
