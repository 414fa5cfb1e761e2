import assert from 'node:assert/strict';
import { test } from 'node:test';

import { signal } from '@preact/signals-core';

import { ApiError } from '../../static/js/api.js';
import { withFallback } from '../../static/js/media/fallback.js';

function fake(name) {
  const session = {
    name,
    left: 0,
    checked: 0,
    state: signal('connecting'),
    error: signal(null),
    faint: signal(false),
    source: signal(null),
    guests: signal(() => undefined),
    check: () => (session.checked += 1),
    leave: async () => {
      session.left += 1;
    },
  };
  return session;
}

const settle = () => new Promise(setImmediate);
const cannot = new ApiError('media.codec_unsupported', '');

test('what can be decoded stays as it is', async () => {
  const first = fake('webrtc');
  const both = withFallback(first, async () => assert.fail('not asked for'));
  first.state.value = 'live';
  first.error.value = new ApiError('media.lost', '');
  await settle();
  assert.deepEqual([both.state.value, both.error.value.code], ['live', 'media.lost']);
  both.check();
  await both.leave();
  assert.deepEqual([first.checked, first.left], [1, 1]);
});

test('what cannot be decoded goes on the other way', async () => {
  const first = fake('webrtc');
  const second = fake('hls');
  const both = withFallback(first, async () => second);
  first.error.value = cannot;
  await settle();
  assert.equal(first.left, 1);
  second.state.value = 'live';
  second.source.value = {};
  assert.deepEqual([both.state.value, both.error.value, both.source.value], ['live', null, second.source.value]);
  both.check();
  await both.leave();
  assert.deepEqual([first.checked, second.checked, second.left], [0, 1, 1]);
});

test('where there is no other way the first one says why, and may try it again later', async () => {
  const first = fake('webrtc');
  let tries = 0;
  const both = withFallback(first, async () => {
    tries += 1;
    throw new ApiError('live.no_hls', '');
  });
  first.error.value = cannot;
  await settle();
  assert.deepEqual([both.error.value.code, first.left], ['media.codec_unsupported', 0]);
  first.error.value = new ApiError('media.codec_unsupported', '');
  await settle();
  assert.equal(tries, 2);
});

test('who leaves meanwhile leaves both', async () => {
  const first = fake('webrtc');
  const second = fake('hls');
  const both = withFallback(first, async () => second);
  first.error.value = cannot;
  await both.leave();
  await settle();
  assert.deepEqual([first.left, second.left], [1, 1]);
});
