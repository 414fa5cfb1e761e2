/** Phrases of recording a meal and reading it. */
export { ko } from './posts-ko.js';
export { en } from './posts-en.js';
