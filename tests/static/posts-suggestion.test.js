import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';

import { config } from '../../static/js/config.js';
import { Suggestion } from '../../static/js/posts/suggestion.js';

config.value = { drafts: { ai: true, vision: true, photos_max: 2 } };

/** Questions by hand: `asked[i]` is to be settled by the test. */
function world(menus, category = '') {
  const asked = [];
  const ask = (body, { signal: ended }) =>
    new Promise((resolve, reject) => {
      asked.push({ ...body, ended, resolve, reject });
      ended.addEventListener('abort', () => reject(ended.reason));
    });
  const editor = { draft: signal({ category, menus }) };
  return { asked, editor, suggestion: new Suggestion(editor, ask) };
}
const menu = (name, id) => ({ name, photo: id ? { id } : null });
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('asked is about photos of dishes without a name, as many as the server takes', async () => {
  const { asked, suggestion } = world([menu('', 'a'), menu('냉면', 'b'), menu('', null), menu(' ', 'c'), menu('', 'd')]);
  assert.deepEqual(suggestion.photos.value, ['a', 'c', 'd']);
  void suggestion.begin('ko');
  assert.deepEqual([asked[0].photo_ids, asked[0].language, suggestion.asking.value], [['a', 'c'], 'ko', true]);
  asked[0].resolve({ category: null, menus: [] });
  await settled();
  assert.deepEqual([suggestion.asking.value, suggestion.seen.value], [false, { category: null, menus: [] }]);
});

test('what is used is offered no more', async () => {
  const { asked, editor, suggestion } = world([menu('', 'a')]);
  void suggestion.begin('ko');
  asked[0].resolve({ category: '한식', menus: ['물냉면', '수육'] });
  await settled();
  assert.deepEqual([suggestion.names.value, suggestion.category.value], [['물냉면', '수육'], '한식']);
  editor.draft.value = { category: '분식', menus: [menu(' 물냉면 ', 'a')] };
  assert.deepEqual([suggestion.names.value, suggestion.category.value], [['수육'], '']);
  editor.draft.value = { category: '', menus: [menu('', 'z')] }; // thrown away, and begun again
  assert.deepEqual([suggestion.answer.value, suggestion.names.value, suggestion.category.value], [null, [], '']);
});

test('a failure is told, and is over with the next question', async () => {
  const { asked, suggestion } = world([menu('', 'a')]);
  void suggestion.begin('ko');
  asked[0].reject(new Error('no'));
  await settled();
  assert.deepEqual([suggestion.error.value.message, suggestion.asking.value], ['no', false]);
  void suggestion.begin('ko');
  assert.equal(suggestion.error.value, null);
  suggestion.stop();
});

test('stopped is stopped: it is no failure, and its answer comes too late', async () => {
  const { asked, suggestion } = world([menu('', 'a')]);
  void suggestion.begin('ko');
  suggestion.stop();
  assert.ok(asked[0].ended.aborted);
  assert.equal(suggestion.asking.value, false);
  void suggestion.begin('en');
  await settled();
  assert.deepEqual([suggestion.error.value, suggestion.asking.value], [null, true]);
  asked[1].resolve({ category: null, menus: ['cold noodles'] });
  await settled();
  assert.deepEqual(suggestion.names.value, ['cold noodles']);
});
