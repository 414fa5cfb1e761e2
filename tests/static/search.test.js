import assert from 'node:assert/strict';
import { test } from 'node:test';

import { load, save, withSearch, without } from '../../static/js/finding/recent-searches.js';
import { apiPathOf, askedIn, hrefOf, takeOf } from '../../static/js/finding/search-query.js';

const asked = (text) => askedIn(new URLSearchParams(text));

test('what is asked survives its address', () => {
  for (const one of [{ q: '떡볶이 & 김밥', tab: 'people' }, { q: '', tab: 'records' }, { q: 'ㄸㅂㅇ', tab: 'places' }]) {
    assert.deepEqual(asked(new URL(hrefOf(one), 'http://x').search), one);
  }
});

test('an unknown kind is places, and nothing asked is the bare page', () => {
  assert.deepEqual(asked('q=a&tab=lives'), { q: 'a', tab: 'places' });
  assert.equal(hrefOf({ q: '  ', tab: 'places' }), '/search');
});

test('each kind has its answer, and nothing asked has none', () => {
  assert.equal(apiPathOf({ q: ' 김&밥 ', tab: 'places' }), '/api/search?kind=places&q=%EA%B9%80%26%EB%B0%A5');
  assert.equal(apiPathOf({ q: 'a', tab: 'records' }), '/api/search?kind=records&q=a');
  assert.equal(apiPathOf({ q: 'a', tab: 'people' }), '/api/members?q=a');
  assert.equal(apiPathOf({ q: ' ', tab: 'places' }), null);
  assert.deepEqual(takeOf('people')({ people: [1], next: null }), [1]);
});

test('recent searches: the newest first, once, eight of them', () => {
  const list = [...'abcdefghij'].reduce((all, text) => withSearch(all, ` ${text} `), []);
  assert.deepEqual(list, [...'jihgfedc']);
  assert.deepEqual(withSearch(list, 'h').slice(0, 3), ['h', 'j', 'i']);
  assert.deepEqual(withSearch(list, '  '), list);
  assert.deepEqual(without(['a', 'b'], 'a'), ['b']);
});

test('recent searches survive a storage, its nonsense and its refusal', () => {
  const store = new Map();
  const storage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value) };
  save(storage, ['김밥']);
  assert.deepEqual(load(storage), ['김밥']);
  for (const nonsense of ['{', '{}', '[1, null]']) assert.deepEqual(load({ getItem: () => nonsense }), []);
  const refuse = () => { throw new Error('SecurityError'); };
  assert.deepEqual(load({ getItem: refuse }), []);
  save({ setItem: refuse }, ['a']);
});
