import assert from 'node:assert/strict';
import { test } from 'node:test';

import { KeptPages, entryOf } from '../../static/js/finding/kept-pages.js';
import { PageList, pathAfter, refreshed } from '../../static/js/finding/page-list.js';

const items = (...ids) => ids.map((id) => ({ id }));
const ids = (listed) => listed.items.map(({ id }) => id);

/** A server whose answers the test gives, one by one. */
function desk() {
  const asked = [];
  const ask = (after) => new Promise((resolve, reject) => asked.push({ after, resolve, reject }));
  return { asked, ask };
}

function begun(kept) {
  const { asked, ask } = desk();
  const seen = [];
  const list = new PageList(ask, ({ state }) => seen.push(state), kept);
  return { asked, seen, list, going: list.start() };
}

test('pages follow each other until there is no next', async () => {
  const { asked, seen, list, going } = begun();
  asked[0].resolve({ items: items(9, 8), next: '8' });
  await going;
  assert.deepEqual([ids(list.listed), list.listed.state], [[9, 8], 'more']);
  const second = list.more();
  assert.equal(asked[1].after, '8');
  asked[1].resolve({ items: items(7), next: null });
  await second;
  assert.deepEqual(ids(list.listed), [9, 8, 7]);
  assert.deepEqual(seen, ['loading', 'more', 'loading', 'end']);
  await list.more();
  assert.equal(asked.length, 2);
});

test('a page is asked for once, however often the end comes into view', async () => {
  const { asked, list, going } = begun();
  void list.more();
  asked[0].resolve({ items: items(3), next: '3' });
  await going;
  void list.more();
  void list.more();
  assert.equal(asked.length, 2);
});

test('what moved from one page to the next is not shown twice', async () => {
  const { asked, list, going } = begun();
  asked[0].resolve({ items: items(9, 8), next: 2 });
  await going;
  const second = list.more();
  asked[1].resolve({ items: items(8, 7), next: null });
  await second;
  assert.deepEqual(ids(list.listed), [9, 8, 7]);
});

test('after a failure the same page is asked for again, and nothing is lost', async () => {
  const { asked, list, going } = begun();
  asked[0].resolve({ items: items(9), next: '9' });
  await going;
  const second = list.more();
  asked[1].reject(new Error('away'));
  await second;
  assert.deepEqual([ids(list.listed), list.listed.state], [[9], 'failed']);
  void list.more();
  assert.equal(asked[2].after, '9');
});

test('a first page that failed is asked for again as the first', async () => {
  const { asked, list, going } = begun();
  asked[0].reject(new Error('away'));
  await going;
  void list.more();
  assert.deepEqual(asked.map(({ after }) => after), [null, null]);
});

test('an answer that comes after one has left changes nothing', async () => {
  const { asked, list, going, seen } = begun();
  list.close();
  asked[0].resolve({ items: items(1), next: null });
  await going;
  assert.deepEqual([ids(list.listed), seen], [[], ['loading']]);
});

test('a kept list is there at once, and its beginning is asked for again', async () => {
  const { asked, list, going } = begun({ items: items(9, 8, 7, 6), next: '6', state: 'more', error: null });
  assert.deepEqual(ids(list.listed), [9, 8, 7, 6]);
  asked[0].resolve({ items: items(10, 8), next: '8' });
  await going;
  assert.deepEqual([ids(list.listed), list.listed.next, list.listed.state], [[10, 8, 7, 6], '6', 'more']);
});

test('a fresh page that does not touch the old list stands alone', () => {
  assert.deepEqual(refreshed({ items: items(3, 2), next: '2' }, { items: items(9, 8), next: '8' }), { items: items(9, 8), next: '8' });
});

test('a fresh page that is all there is stands alone', () => {
  assert.deepEqual(refreshed({ items: items(3, 2, 1), next: '1' }, { items: items(3, 2), next: null }), { items: items(3, 2), next: null });
});

test('a fresh page that ends where the old list ended goes on from itself', () => {
  assert.equal(refreshed({ items: items(3, 2), next: 'old' }, { items: items(4, 3, 2), next: 'new' }).next, 'new');
});

test('the mark of a page is part of its path', () => {
  assert.equal(pathAfter('/api/feed', null), '/api/feed');
  assert.equal(pathAfter('/api/feed', '1 2'), '/api/feed?after=1%202');
  assert.equal(pathAfter('/api/search?q=a', 20), '/api/search?q=a&after=20');
});

test('lists are kept by entry and path, a dozen of them, the last used', () => {
  const lists = new KeptPages();
  const one = (top) => ({ listed: { items: [], next: null, state: 'end', error: null }, top });
  for (let i = 0; i < 12; i += 1) lists.keep('e', `/${i}`, one(i));
  lists.keep('e', '/0', one(100));
  lists.keep('f', '/0', one(200));
  assert.equal(lists.find('e', '/0').top, 100);
  assert.equal(lists.find('f', '/0').top, 200);
  assert.equal(lists.find('e', '/1'), undefined);
  lists.forget();
  assert.equal(lists.find('e', '/0'), undefined);
});

test('an entry of the history keeps its name, and whatever else it holds', () => {
  const history = { state: { mine: 1 }, replaceState: (state) => (history.state = state) };
  const name = entryOf(history);
  assert.equal(entryOf(history), name);
  assert.equal(history.state.mine, 1);
  const other = { state: null, replaceState: (state) => (other.state = state) };
  assert.notEqual(entryOf(other), name);
});
