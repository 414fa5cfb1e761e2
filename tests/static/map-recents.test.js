import assert from 'node:assert/strict';
import { test } from 'node:test';

import { load, save, withVisit, without } from '../../static/js/share-map/recents.js';

const visit = (id, visited = 1) => ({ id, title: `map ${id}`, visited });

test('a visit goes to the front, once', () => {
  const list = withVisit(withVisit(withVisit([], visit('a')), visit('b')), visit('a', 2));
  assert.deepEqual(list.map(({ id }) => id), ['a', 'b']);
  assert.equal(list[0].visited, 2);
});

test('the list is bounded', () => {
  const list = Array.from({ length: 20 }, (_, i) => visit(String(i))).reduce(withVisit, []);
  assert.equal(list.length, 8);
  assert.equal(list[0].id, '19');
});

test('what is over can be taken off', () => {
  assert.deepEqual(without([visit('a'), visit('b')], 'a').map(({ id }) => id), ['b']);
});

test('a list survives the storage', () => {
  const store = new Map();
  const storage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value) };
  save(storage, [visit('a')]);
  assert.deepEqual(load(storage), [visit('a')]);
});

for (const nonsense of [null, '', '{', '{}', '42', '[1, null, {"id": 3}]']) {
  test(`stored nonsense ${nonsense} is an empty list`, () => {
    assert.deepEqual(load({ getItem: () => nonsense }), []);
  });
}

test('a forbidden storage is an empty list, and no error', () => {
  const forbidden = () => { throw new Error('SecurityError'); };
  assert.deepEqual(load({ getItem: forbidden }), []);
  save({ setItem: forbidden }, [visit('a')]);
});
