import assert from 'node:assert/strict';
import { test } from 'node:test';

import { match, safeNext, withQuery } from '../../static/js/match.js';

test('a pattern without parameters matches its path only', () => {
  assert.deepEqual(match('/', '/'), {});
  assert.deepEqual(match('/live', '/live'), {});
  assert.deepEqual(match('/live', '/live/'), {});
  assert.equal(match('/live', '/'), null);
  assert.equal(match('/', '/live'), null);
  assert.equal(match('/live/new', '/live'), null);
});

test('a parameter takes one whole segment', () => {
  assert.deepEqual(match('/map/:id', '/map/Zk3v0aQ1nB5c7D9eF2gH4i'), { id: 'Zk3v0aQ1nB5c7D9eF2gH4i' });
  assert.equal(match('/map/:id', '/map/'), null);
  assert.equal(match('/map/:id', '/map/a/b'), null);
  assert.deepEqual(match('/a/:b/:c', '/a/1/2'), { b: '1', c: '2' });
});

test('a parameter is decoded, and nonsense is no match', () => {
  assert.deepEqual(match('/map/:id', '/map/%ED%95%9C'), { id: '한' });
  assert.equal(match('/map/:id', '/map/%E0%A4%A'), null);
});

test('only a path of this site is returned to after logging in', () => {
  assert.equal(safeNext('/map/abc?x=1'), '/map/abc?x=1');
  for (const bad of [null, undefined, '', 'map', 'https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', '/a\nb']) {
    assert.equal(safeNext(bad), '/', String(bad));
  }
  assert.equal(safeNext('//evil.example', '/me'), '/me');
});

test('a query is kept when there is one', () => {
  assert.equal(withQuery('/vote', new URLSearchParams('new=1')), '/vote?new=1');
  assert.equal(withQuery('/vote', new URLSearchParams()), '/vote');
});
