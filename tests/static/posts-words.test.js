import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';

import { EventParser } from '../../static/js/posts/event-stream.js';
import { accepted, begun, ended, grown, rejected, typed } from '../../static/js/posts/words.js';
import { writeDraft } from '../../static/js/posts/write.js';

const mine = { words: { text: '국물이 진했다', origin: 'own' }, before: null };
const written = (turn, text, origin = 'ai') => ended(grown(begun(turn), text), origin);

test('what a model wrote is its own until somebody changes it, then for good', () => {
  const ai = written(mine, '맛있었다.');
  assert.deepEqual(ai, { words: { text: '맛있었다.', origin: 'ai' }, before: mine.words });
  assert.equal(typed(ai, '정말 맛있었다.').words.origin, 'ai_edited');
  assert.equal(typed(typed(ai, '정말'), '내 말').words.origin, 'ai_edited');
  assert.equal(accepted(ai).words.origin, 'ai');
});

test('an emptied text is nobody else’s, and an edited template is one’s own', () => {
  assert.equal(typed(typed(written(mine, '맛'), ''), '내 글').words.origin, 'own');
  assert.equal(written(mine, '다녀왔다.', 'template').words.origin, 'template');
  assert.equal(typed(written(mine, '다녀왔다.', 'template'), '다녀왔다. 또 가야지').words.origin, 'own');
});

test('rejecting brings back what was typed, also after writing again', () => {
  assert.deepEqual(rejected(written(written(mine, '하나'), '둘')), mine);
});

test('writing again goes back to an edit, where there was one', () => {
  const edited = typed(written(mine, '하나'), '하나 더');
  assert.deepEqual(written(edited, '둘').before, { text: '하나 더', origin: 'ai_edited' });
});

test('a draft that never said a word has not happened', () => {
  assert.deepEqual(ended(begun(mine), 'ai'), mine);
});

test('events come whole out of any pieces', () => {
  const text = ': still here\n\nevent: delta\r\ndata: {"text":"가"}\r\n\ndata: a\ndata: b\n\nevent: done\ndata: {}\n\nevent: half\n';
  for (const size of [1, 2, 7, text.length]) {
    const parser = new EventParser();
    const events = [];
    for (let i = 0; i < text.length; i += size) events.push(...parser.push(text.slice(i, i + size)));
    assert.deepEqual(events, [
      { event: 'delta', data: '{"text":"가"}' },
      { event: 'message', data: 'a\nb' },
      { event: 'done', data: '{}' },
    ]);
  }
});

test('a line without an end is refused', () => {
  assert.throws(() => new EventParser().push('x'.repeat(1_000_001)), RangeError);
});

afterEach(() => mock.restoreAll());

/** An answer whose bytes come one by one, so that letters are cut in the middle. */
function streams(text) {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  mock.method(globalThis, 'fetch', async () => new Response(body, { status: 200 }));
}
const ask = async (signal = new AbortController().signal) => {
  let text = '';
  const origin = await writeDraft({}, { onText: (more) => (text += more), signal });
  return { text, origin };
};

test('a draft comes in pieces and says who wrote it', async () => {
  streams('event: delta\ndata: {"text":"맛있"}\n\nevent: delta\ndata: {"text":"었다"}\n\nevent: done\ndata: {"origin":"ai"}\n\n');
  assert.deepEqual(await ask(), { text: '맛있었다', origin: 'ai' });
});

test('a failure keeps its code, and an end without one is a cut', async () => {
  streams('event: error\ndata: {"code":"ai.refused","message":"싫어요"}\n\n');
  await assert.rejects(ask(), { code: 'ai.refused', message: '싫어요' });
  mock.restoreAll();
  streams('event: delta\ndata: {"text":"맛"}\n\n');
  await assert.rejects(ask(), { code: 'ai.cut_off' });
  mock.restoreAll();
  mock.method(globalThis, 'fetch', async () => new Response('{"error":{"code":"ai.limit","message":"내일"}}', { status: 429 }));
  await assert.rejects(ask(), { code: 'ai.limit', status: 429 });
  mock.restoreAll();
  streams('event: delta\ndata: no json\n\n');
  await assert.rejects(ask(), { code: 'network' });
});

test('stopping is not an error of the server', async () => {
  mock.method(globalThis, 'fetch', (_path, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))));
  const controller = new AbortController();
  const coming = ask(controller.signal);
  controller.abort();
  await assert.rejects(coming, { name: 'AbortError' });
});
