/** Phrases of the shared map and of the list of shared maps. */

export { en } from './map-en.js';
export { ko } from './map-ko.js';
