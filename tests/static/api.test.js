import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';

import { ApiError, api } from '../../static/js/api.js';
import { negotiate, release } from '../../static/js/media/whip.js';

const json = (status, body) => new Response(JSON.stringify(body), { status });
const answer = (respond) => mock.method(globalThis, 'fetch', async (...call) => respond(...call));
const refusal = (expected) => (error) => {
  assert.ok(error instanceof ApiError);
  const { code, message, field, status } = error;
  assert.deepEqual({ code, message, field, status }, expected);
  return true;
};

afterEach(() => mock.restoreAll());

test('a body goes out and comes back as JSON', async () => {
  const fetch = answer(() => json(201, { live: { id: 'x' } }));
  assert.deepEqual(await api.post('/api/lives', { title: '냉면' }), { live: { id: 'x' } });
  const [path, init] = fetch.mock.calls[0].arguments;
  assert.equal(path, '/api/lives');
  assert.equal(init.method, 'POST');
  assert.equal(init.headers['Content-Type'], 'application/json');
  assert.deepEqual(JSON.parse(init.body), { title: '냉면' });
});

test('PUT and PATCH say so, and always carry a JSON body', async () => {
  const fetch = answer(() => json(200, { post: {} }));
  await api.patch('/api/posts/7', { rating: 4 });
  await api.put('/api/members/jimin/follow');
  const sent = fetch.mock.calls.map(({ arguments: [path, { method, body }] }) => [method, path, body]);
  assert.deepEqual(sent, [
    ['PATCH', '/api/posts/7', '{"rating":4}'],
    ['PUT', '/api/members/jimin/follow', '{}'],
  ]);
});

test('a GET carries no body, a 204 is null', async () => {
  const fetch = answer(() => new Response(null, { status: 204 }));
  assert.equal(await api.delete('/api/session'), null);
  await api.get('/api/session');
  assert.ok(fetch.mock.calls.every(({ arguments: [, init] }) => init.body === undefined));
});

test('an error keeps the code, the words, the field and the status', async () => {
  answer(() => json(409, { error: { code: 'member.username_taken', message: '이미 쓰여요.', field: 'username' } }));
  await assert.rejects(
    api.post('/api/members', {}),
    refusal({ code: 'member.username_taken', message: '이미 쓰여요.', field: 'username', status: 409 }),
  );
});

test('an answer that is not ours is told by its class', async () => {
  answer(() => new Response('<h1>Bad Gateway</h1>', { status: 502 }));
  await assert.rejects(api.get('/api/config'), refusal({ code: 'server', message: '', field: null, status: 502 }));
  mock.restoreAll();
  answer(() => new Response('?', { status: 404 }));
  await assert.rejects(api.get('/api/config'), refusal({ code: 'unexpected', message: '', field: null, status: 404 }));
});

test('not reaching the server, or losing it half-way, is one code', async () => {
  answer(() => Promise.reject(new TypeError('failed to fetch')));
  await assert.rejects(api.get('/api/config'), refusal({ code: 'network', message: '', field: null, status: 0 }));
  mock.restoreAll();
  answer(() => new Response('{"half', { status: 200 }));
  await assert.rejects(api.get('/api/config'), refusal({ code: 'network', message: '', field: null, status: 200 }));
});

const TICKET = { kind: 'embedded', url: '/whip/abc', token: 'secret', expires_at: 0 };

test('WHIP: the offer goes out with the ticket, answer and resource come back', async () => {
  const fetch = answer(() => new Response('v=0 answer', { status: 201, headers: { Location: '/whip/abc/r1' } }));
  assert.deepEqual(await negotiate(TICKET, 'v=0 offer'), { answer: 'v=0 answer', resource: '/whip/abc/r1' });
  const [path, { method, headers, body }] = fetch.mock.calls[0].arguments;
  assert.deepEqual([path, method, body], ['/whip/abc', 'POST', 'v=0 offer']);
  assert.deepEqual(headers, { 'Content-Type': 'application/sdp', Authorization: 'Bearer secret' });
});

test('WHIP: a refusal keeps its code', async () => {
  answer(() => json(409, { error: { code: 'media.no_publication', message: '아직이에요.' } }));
  await assert.rejects(
    negotiate(TICKET, ''),
    refusal({ code: 'media.no_publication', message: '아직이에요.', field: null, status: 409 }),
  );
});

test('WHIP: leaving deletes the resource, even from a page that is going, and never fails', async () => {
  const fetch = answer(() => Promise.reject(new TypeError('gone')));
  await release(TICKET, '/whip/abc/r1');
  const [path, { method, keepalive, headers }] = fetch.mock.calls[0].arguments;
  assert.deepEqual([path, method, keepalive, headers.Authorization], ['/whip/abc/r1', 'DELETE', true, 'Bearer secret']);
  await release(TICKET, '');
  assert.equal(fetch.mock.callCount(), 1);
});
