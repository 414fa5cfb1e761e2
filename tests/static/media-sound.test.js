import assert from 'node:assert/strict';
import { test } from 'node:test';

import { offerWithRepair, withNack } from '../../static/js/media/sound.js';

const SOUND = 'm=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\n';
const PICTURE = 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n';

test('every sound may be asked for again, and no picture is touched', () => {
  const repaired = 'a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 nack\r\n';
  assert.equal(withNack(SOUND + PICTURE), SOUND.replace('a=rtpmap:111 opus/48000/2\r\n', repaired) + PICTURE);
  assert.equal(withNack(SOUND + SOUND).match(/rtcp-fb:111 nack/g)?.length, 2);
});

test('what can be asked for already is left alone', () => {
  const once = withNack(SOUND);
  assert.equal(withNack(once), once);
});

test('a browser that refuses a changed offer keeps its own', async () => {
  const set = /** @type {unknown[]} */ ([]);
  const pc = {
    localDescription: { sdp: 'own' },
    createOffer: async () => ({ type: 'offer', sdp: SOUND }),
    setLocalDescription: async (/** @type {unknown} */ description) => {
      set.push(description);
      if (description) throw new Error('InvalidModificationError');
    },
  };
  assert.equal(await offerWithRepair(/** @type {any} */ (pc)), 'own');
  assert.deepEqual(set, [{ type: 'offer', sdp: withNack(SOUND) }, undefined]);
});
