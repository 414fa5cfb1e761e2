import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fragmentOf, renewed } from '../../static/js/media/restart.js';

const lines = (/** @type {string[]} */ ...all) => all.map((line) => `${line}\r\n`).join('');

const OFFER = lines(
  'v=0', 'a=group:BUNDLE 0 1', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=ice-ufrag:EsAw', 'a=ice-pwd:secret', 'a=mid:0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=ice-ufrag:EsAw', 'a=ice-pwd:secret', 'a=mid:1',
);
const ANSWER = lines(
  'v=0', 'a=ice-lite', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', 'a=ice-ufrag:old', 'a=ice-pwd:old', 'a=fingerprint:sha-256 AB',
  'a=candidate:1 1 udp 1 192.0.2.1 8080 typ host', 'a=end-of-candidates', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:1',
  'a=ice-ufrag:old', 'a=ice-pwd:old', 'a=candidate:1 1 udp 1 192.0.2.1 8080 typ host', 'a=end-of-candidates', 'a=sendonly',
);
const FRAGMENT = lines(
  'a=ice-lite', 'a=ice-ufrag:new', 'a=ice-pwd:fresh', 'm=audio 9 x 0', 'a=mid:0', 'a=candidate:1 1 udp 1 192.0.2.9 8080 typ host',
  'a=end-of-candidates',
);

test('a fragment is the first m-line with our new credentials', () => {
  assert.equal(fragmentOf(OFFER), lines('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', 'a=ice-ufrag:EsAw', 'a=ice-pwd:secret'));
});

test('the answer is renewed in every m-line, and in nothing else', () => {
  const found = renewed(ANSWER, FRAGMENT);
  assert.equal(found.match(/a=ice-ufrag:new\r\na=ice-pwd:fresh\r\na=candidate:1 1 udp 1 192\.0\.2\.9/g)?.length, 2);
  assert.doesNotMatch(found, /old|192\.0\.2\.1 /);
  const rest = (/** @type {string} */ sdp) => sdp.split('\r\n').filter((line) => !/ice-ufrag|ice-pwd|candidate/.test(line));
  assert.deepEqual(rest(found), rest(ANSWER));
});
