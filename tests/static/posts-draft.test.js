import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fieldOf, problemsIn } from '../../static/js/posts/check.js';
import * as drafts from '../../static/js/posts/draft.js';
import { dropDraft, keepDraft, loadDraft } from '../../static/js/posts/kept.js';

const TODAY = '2026-11-24';
let last = 0;
const newKey = () => `k${(last += 1)}`;
const menu = (name, more = {}) => ({ ...drafts.blankMenu(newKey()), name, ...more });
const PLACE = { id: 7, name: '을지면옥', at: [37.5, 127], category: '한식', address: null };
const draft = (more = {}) => ({
  ...drafts.blankDraft({ today: TODAY, visibility: 'friends', key: newKey() }),
  place: PLACE, category: '한식', menus: [menu('물냉면')], ...more,
});
const PHOTO = { id: 'p1', width: 4, height: 3, urls: {} };

test('the body leaves empty cards out, and reads prices as people write them', () => {
  const body = drafts.bodyOf(draft({ menus: [menu('물냉면', { price: '12,000원', main: true, photo: PHOTO }), menu('')] }));
  assert.deepEqual(body.menus, [{ name: '물냉면', price: 12_000, text: '', photo_id: 'p1', main: true }]);
  assert.deepEqual([body.place_id, body.place, body.eaten_on, body.text_origin], [7, undefined, TODAY, 'own']);
});

test('a place that nobody knows yet goes with the meal; a day may be left out', () => {
  const body = drafts.bodyOf(draft({ place: { ...PLACE, id: null }, eaten_on: '' }));
  assert.deepEqual(body.place, { name: '을지면옥', at: [37.5, 127], category: '한식', address: null });
  assert.deepEqual([body.place_id, body.eaten_on], [undefined, null]);
});

test('no text is nobody else’s text', () => {
  assert.equal(drafts.bodyOf(draft({ words: { text: ' ', origin: 'ai' } })).text_origin, 'own');
  assert.equal(drafts.bodyOf(draft({ words: { text: '맛있다', origin: 'ai' } })).text_origin, 'ai');
});

test('a post becomes a draft and the same post again', () => {
  const post = {
    place: PLACE, category: '카페', rating: 4, visibility: 'public', eaten_on: null, text: '좋다', text_origin: 'ai_edited', updated_at: 5,
    menus: [{ name: '라떼', price: null, text: '진하다', main: true, photo: PHOTO }, { name: '빵', price: 0, text: '', main: false, photo: null }],
  };
  const again = drafts.bodyOf(drafts.draftOf(post, newKey));
  assert.deepEqual(again.menus, [
    { name: '라떼', price: null, text: '진하다', photo_id: 'p1', main: true },
    { name: '빵', price: 0, text: '', photo_id: null, main: false },
  ]);
  assert.deepEqual([again.text, again.text_origin, again.rating, again.eaten_on], ['좋다', 'ai_edited', 4, null]);
});

test('photos fill the cards without one, then make new ones, ten at most', () => {
  const one = draft({ menus: [menu('', { photo: PHOTO }), menu('물냉면')] });
  const { draft: grown, keys } = drafts.withRoomFor(one, 3, newKey);
  assert.equal(grown.menus.length, 4);
  assert.deepEqual(keys, grown.menus.slice(1).map(({ key }) => key));
  const full = drafts.withRoomFor(one, 50, newKey);
  assert.deepEqual([full.draft.menus.length, full.keys.length], [drafts.MENUS_MAX, 9]);
});

test('cards move, not past the ends; the last one leaves an empty one; one is the main one', () => {
  const [a, b] = [menu('a', { main: true }), menu('b')];
  const both = draft({ menus: [a, b] });
  const names = ({ menus }) => menus.map(({ name }) => name);
  assert.deepEqual(names(drafts.withMoved(both, b.key, -1)), ['b', 'a']);
  assert.equal(drafts.withMoved(both, b.key, 1), both);
  assert.deepEqual(drafts.withMain(both, b.key).menus.map(({ main }) => main), [false, true]);
  const none = drafts.withoutMenu(drafts.withoutMenu(both, a.key, 'x'), b.key, 'spare');
  assert.deepEqual(none.menus, [drafts.blankMenu('spare')]);
});

test('an untouched form is not worth keeping, a word of it is', () => {
  const blank = drafts.blankDraft({ today: TODAY, visibility: 'friends', key: newKey() });
  assert.ok(!drafts.isWorthKeeping(blank));
  assert.ok(drafts.isWorthKeeping({ ...blank, words: { text: '맛', origin: 'own' } }));
  assert.ok(drafts.isWorthKeeping({ ...blank, menus: [menu('', { file: true })] }));
});

test('each problem stands at its field, from top to bottom', () => {
  const [good, twin, nameless, dear] = [menu('Latte'), menu(' latte '), menu('', { price: '1' }), menu('금', { price: '999999999' })];
  const found = problemsIn(draft({ place: null, category: '', eaten_on: '2026-11-25', menus: [good, twin, nameless, dear] }), TODAY);
  assert.deepEqual(found.map(({ field, code }) => [field, code]), [
    [`${twin.key}.name`, 'post.same_menu'],
    [`${nameless.key}.name`, 'post.menu_name'],
    [`${dear.key}.price`, 'post.menu_price'],
    ['place', 'post.one_place'],
    ['category', 'post.no_category'],
    ['eaten_on', 'post.bad_date'],
  ]);
  assert.deepEqual(problemsIn(draft(), TODAY), []);
});

test('lengths count as the server counts: an emoji is one', () => {
  assert.deepEqual(problemsIn(draft({ menus: [menu('🍜'.repeat(40))] }), TODAY), []);
  assert.equal(problemsIn(draft({ menus: [menu('🍜'.repeat(41))] }), TODAY).length, 1);
  assert.equal(problemsIn(draft({ words: { text: '가'.repeat(5001), origin: 'own' } }), TODAY)[0].field, 'text');
});

test('what the server complains about lands where it belongs', () => {
  assert.equal(fieldOf({ code: 'post.one_place', field: 'place_id' }), 'place');
  assert.equal(fieldOf({ code: 'place.bad_name', field: 'name' }), 'place');
  assert.equal(fieldOf({ code: 'photo.unknown', field: 'menus' }), 'menus');
  assert.equal(fieldOf({ code: 'request.malformed', field: 'menus.0.price' }), 'menus');
  assert.equal(fieldOf({ code: 'rate.limited' }), '');
});

/** Web storage, as far as we use it. */
class Memory {
  #kept = new Map();
  get length() {
    return this.#kept.size;
  }
  key(i) {
    return [...this.#kept.keys()][i] ?? null;
  }
  getItem(name) {
    return this.#kept.get(name) ?? null;
  }
  setItem(name, text) {
    this.#kept.set(name, text);
  }
  removeItem(name) {
    this.#kept.delete(name);
  }
}

test('a draft is found again by its account and post, and by nobody else', () => {
  const storage = new Memory();
  const one = draft();
  assert.ok(keepDraft(storage, { owner: 'a', post: 'new' }, one, 1));
  assert.deepEqual(loadDraft(storage, { owner: 'a', post: 'new' }), one);
  assert.equal(loadDraft(storage, { owner: 'b', post: 'new' }), null);
  assert.equal(loadDraft(storage, { owner: 'a', post: '7' }), null);
  dropDraft(storage, { owner: 'a', post: 'new' });
  assert.equal(loadDraft(storage, { owner: 'a', post: 'new' }), null);
});

test('drafts are bounded: the longest untouched gives way', () => {
  const storage = new Memory();
  for (let i = 1; i <= 20; i += 1) keepDraft(storage, { owner: 'a', post: String(i) }, draft(), i);
  assert.equal(storage.length, 12);
  assert.equal(loadDraft(storage, { owner: 'a', post: '8' }), null);
  assert.ok(loadDraft(storage, { owner: 'a', post: '9' }));
});

test('nonsense in the storage is no draft, and a full one says so', () => {
  const storage = new Memory();
  for (const text of ['{', 'null', '{"version":1,"draft":{"menus":[]}}', '{"version":0}']) {
    storage.setItem('wagu.draft.a.new', text);
    assert.equal(loadDraft(storage, { owner: 'a', post: 'new' }), null);
  }
  storage.setItem = () => {
    throw new Error('QuotaExceededError');
  };
  assert.equal(keepDraft(storage, { owner: 'a', post: 'new' }, draft(), 1), false);
});
