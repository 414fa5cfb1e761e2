import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HEADER_BYTES, readHeader } from '../../static/js/share-map/pmtiles-header.js';

function header({ magic = 'PMTiles', version = 3, type = 1, maxZoom = 14, length = HEADER_BYTES } = {}) {
  const bytes = new Uint8Array(length);
  bytes.set([...magic].map((c) => c.charCodeAt(0)).slice(0, length));
  if (length > 101) {
    bytes[7] = version;
    bytes[99] = type;
    bytes[101] = maxZoom;
  }
  return bytes.buffer;
}

test('the header tells what the tiles are and how deep they go', () => {
  assert.deepEqual(readHeader(header()), { type: 'mvt', maxZoom: 14 });
  assert.deepEqual(readHeader(header({ type: 2, maxZoom: 9 })), { type: 'png', maxZoom: 9 });
  assert.equal(readHeader(header({ type: 77 })).type, 'unknown');
});

for (const wrong of [{ magic: '<!docty' }, { version: 2 }, { length: 100 }, { length: 0 }]) {
  test(`${JSON.stringify(wrong)} is no archive`, () => assert.throws(() => readHeader(header(wrong)), RangeError));
}
