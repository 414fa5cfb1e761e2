import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { pick, preferred } from '../../static/js/phrase.js';

const JS = new URL('../../static/js/', import.meta.url);
const BOOKS = ['common', 'account', 'admin', 'auth', 'finding', 'live', 'map', 'moderation', 'people', 'posts', 'stats']; // as i18n.js merges them
const books = await Promise.all(BOOKS.map(async (name) => ({ name, ...(await import(new URL(`strings/${name}.js`, JS))) })));
const blanks = (phrase) => [...phrase.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const singular = (key) => key.endsWith('.one'); // a form that Korean does not need

test('every phrase exists in both languages', () => {
  for (const { name, ko, en } of books) {
    const keys = (book) => Object.keys(book).filter((key) => !singular(key)).sort();
    assert.ok(keys(ko).length > 0, name);
    assert.deepEqual(keys(en), keys(ko), name);
  }
});

test('both languages leave the same blanks', () => {
  for (const { name, ko, en } of books) {
    for (const [key, phrase] of Object.entries(ko)) assert.deepEqual(blanks(en[key]), blanks(phrase), `${name} ${key}`);
  }
});

test('no file overrides the phrase of another', () => {
  const all = books.flatMap(({ ko }) => Object.keys(ko));
  assert.deepEqual(all.filter((key, i) => all.indexOf(key) !== i), []);
});

test('every phrase that the code names exists', () => {
  const known = new Set(books.flatMap(({ ko }) => Object.keys(ko)));
  const sources = readdirSync(JS, { recursive: true }).filter((name) => name.endsWith('.js') && !name.startsWith('strings'));
  const missing = sources.flatMap((name) => {
    const text = readFileSync(new URL(name, JS), 'utf8');
    return [...text.matchAll(/\bt\('([^']+)'/g)].map(([, key]) => key).filter((key) => !known.has(key)).map((key) => `${name}: ${key}`);
  });
  assert.deepEqual(missing, []);
});

test('blanks are filled, and one is said as one', () => {
  const phrases = { hi: 'Hi {name}, {n} here', 'hi.one': 'Hi {name}, one here' };
  assert.equal(pick(phrases, 'hi', { name: 'A', n: 2 }), 'Hi A, 2 here');
  assert.equal(pick(phrases, 'hi', { name: 'A', n: 1 }), 'Hi A, one here');
  assert.equal(pick(phrases, 'hi', { name: 'A' }), 'Hi A, {n} here');
  assert.equal(pick(phrases, 'hi', { name: '{n}', n: 2 }), 'Hi {n}, 2 here');
  assert.equal(pick(phrases, 'other'), null);
});

for (const [chosen, languages, locale] of [
  [null, ['ko-KR', 'en'], 'ko'],
  [null, ['en-US', 'ko'], 'ko'],
  [null, [], 'ko'],
  [null, ['en-US', 'fr'], 'en'],
  [null, ['kok-IN'], 'en'],
  ['ko', ['en-US'], 'ko'],
  ['en', ['ko-KR'], 'en'],
]) {
  test(`chosen ${chosen}, the browser speaks [${languages}]: ${locale}`, () => assert.equal(preferred(chosen, languages), locale));
}
