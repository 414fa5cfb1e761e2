import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { CATEGORIES, categoryName } from '../../static/js/share-map/categories.js';
import { ko } from '../../static/js/strings/map.js';

test('every phrase that is named anywhere exists, also where `t` gets it from a choice', () => {
  const folder = new URL('../../static/js/share-map/', import.meta.url);
  const views = new URL('../../static/js/views/', import.meta.url);
  const files = [
    ...readdirSync(folder).map((name) => new URL(name, folder)), new URL('vote.js', views), new URL('share-map.js', views),
  ];
  const named = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/'((?:map|vote)\.[a-z_]+)'/g)].map(([, key]) => key));
  assert.ok(named.length > 80);
  assert.deepEqual(named.filter((key) => !(key in ko)), []);
});

test('every phrase that is put together exists', () => {
  const made = [
    ...['came', 'nominated', 'closed', 'reopened'].map((kind) => `map.notice_${kind}`),
    ...['unknown', 'expired', 'ended'].flatMap((why) => [`map.over_${why}`, `map.over_${why}_text`]),
    ...['asking', 'joining', 'connecting', 'waiting'].map((state) => `map.voice_${state}`),
    ...['insecure', 'denied', 'busy', 'none', 'full', 'failed', 'replaced'].flatMap((problem) => [
      `map.voice_problem_${problem}`, `map.voice_problem_${problem}_text`,
    ]),
    ...Object.keys(CATEGORIES).map((key) => `map.category_${key}`),
    ...['nominee', 'voted', 'winner', 'place', 'live', 'draft'].map((kind) => `map.pin_${kind}`),
  ];
  assert.deepEqual(made.filter((key) => !(key in ko)), []);
});

test('a category is read in the reader\'s language where we know it', () => {
  const t = (key) => key;
  assert.equal(categoryName('한식', t), 'map.category_korean');
  assert.equal(categoryName('비건', t), '비건');
  assert.equal(categoryName(null, t), '');
});
