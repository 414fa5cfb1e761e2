import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fileOf, renditions, sourceSet } from '../../static/js/renditions.js';

const SIDES = [256, 512, 1024, 2048];
const picture = (width, height) => ({
  id: 'abc', width, height, urls: Object.fromEntries(SIDES.map((side) => [side, `/photos/abc/${side}.webp`])),
});
const widths = (one) => renditions(one).map(({ width }) => width);

test('widths are those of the files, whichever side is the longer', () => {
  assert.deepEqual(widths(picture(4000, 3000)), [256, 512, 1024, 2048]);
  assert.deepEqual(widths(picture(3000, 4000)), [192, 384, 768, 1536]);
});

test('a small photo is enlarged to its double at most, and a tiny one still has a file', () => {
  assert.deepEqual(widths(picture(600, 400)), [256, 512, 1024]);
  assert.deepEqual(widths(picture(512, 512)), [256, 512, 1024]);
  assert.deepEqual(widths(picture(100, 80)), [256]);
});

test('srcset names both formats of the same files', () => {
  assert.equal(sourceSet(picture(600, 300), 'webp'), '/photos/abc/256.webp 256w, /photos/abc/512.webp 512w, /photos/abc/1024.webp 1024w');
  assert.equal(sourceSet(picture(100, 80), 'jpg'), '/photos/abc/256.jpg 256w');
});

test('one file by its side: the next larger one, else the largest', () => {
  assert.equal(fileOf(picture(4000, 3000), 300), '/photos/abc/512.webp');
  assert.equal(fileOf(picture(4000, 3000), 2048, 'jpg'), '/photos/abc/2048.jpg');
  assert.equal(fileOf(picture(4000, 3000), 9999), '/photos/abc/2048.webp');
});
