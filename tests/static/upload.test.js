import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { ApiError } from '../../static/js/api.js';
import { LARGEST_FILE, uploadPhoto } from '../../static/js/upload.js';

/** What a browser's XMLHttpRequest does, by hand. */
class FakeRequest {
  static last = null;
  upload = {};
  headers = {};
  aborted = false;
  constructor() {
    FakeRequest.last = this;
  }
  open(method, path) {
    Object.assign(this, { method, path });
  }
  setRequestHeader(name, value) {
    this.headers[name] = value;
  }
  send(body) {
    this.body = body;
  }
  abort() {
    this.aborted = true;
  }
  answer(status, body) {
    Object.assign(this, { status, responseText: typeof body === 'string' ? body : JSON.stringify(body) });
    this.onload();
  }
}

const FILE = new Blob(['bytes'], { type: 'image/jpeg' });
const DONE = { photo: { id: 'abc', width: 4, height: 3, urls: {} }, suggestion: null };
const refused = (code, status) => (error) => {
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.code, error.status], [code, status]);
  return true;
};

beforeEach(() => {
  globalThis.XMLHttpRequest = FakeRequest;
  FakeRequest.last = null;
});
afterEach(() => {
  mock.timers.reset();
  delete globalThis.XMLHttpRequest;
});

test('the bytes go out as they are, progress comes in, then the photo', async () => {
  const seen = [];
  const coming = uploadPhoto(FILE, { onProgress: (done) => seen.push(done) });
  const request = FakeRequest.last;
  assert.deepEqual([request.method, request.path, request.body], ['POST', '/api/photos', FILE]);
  assert.equal(request.headers['Content-Type'], 'image/jpeg');
  request.upload.onprogress({ loaded: 1, total: 4 });
  request.upload.onprogress({ loaded: 3, total: 4 });
  request.upload.onload();
  request.answer(201, DONE);
  assert.deepEqual(await coming, DONE);
  assert.deepEqual(seen, [0.25, 0.75, 1]);
});

test('a file whose type the system does not know is sent all the same: the server looks at its bytes', () => {
  void uploadPhoto(new Blob(['heic'], { type: '' })).catch(() => {});
  assert.match(FakeRequest.last.headers['Content-Type'], /^image\//);
  FakeRequest.last.onerror();
});

test('what the server would refuse for its size is not sent', async () => {
  await assert.rejects(uploadPhoto({ size: LARGEST_FILE + 1, type: 'image/jpeg' }), refused('image.too_large', 413));
  assert.equal(FakeRequest.last, null);
});

test('a refusal keeps its code; no answer and half an answer are the network', async () => {
  const fails = async (ends, code, status) => {
    const coming = uploadPhoto(FILE);
    ends(FakeRequest.last);
    await assert.rejects(coming, refused(code, status));
  };
  await fails((request) => request.answer(415, { error: { code: 'image.unknown_format', message: 'x' } }), 'image.unknown_format', 415);
  await fails((request) => request.answer(502, '<h1>Bad Gateway</h1>'), 'server', 502);
  await fails((request) => request.answer(201, '{"half'), 'network', 201);
  await fails((request) => request.onerror(), 'network', 0);
});

test('it can be taken back, before and while it is sent', async () => {
  await assert.rejects(uploadPhoto(FILE, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.equal(FakeRequest.last, null);
  const controller = new AbortController();
  const coming = uploadPhoto(FILE, { signal: controller.signal });
  controller.abort();
  await assert.rejects(coming, { name: 'AbortError' });
  assert.ok(FakeRequest.last.aborted);
});

test('slow is no reason to give up, standing still is', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const coming = uploadPhoto(FILE);
  const request = FakeRequest.last;
  for (let i = 1; i <= 10; i += 1) {
    mock.timers.tick(30_000);
    request.upload.onprogress({ loaded: i, total: 100 });
  }
  assert.ok(!request.aborted);
  mock.timers.tick(60_000);
  await assert.rejects(coming, refused('network', 0));
  assert.ok(request.aborted);
});
