import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readPlaces } from '../../static/js/account/saved-places.js';

const feature = (properties, coordinates = [126.99, 37.56]) => ({ type: 'Feature', geometry: { type: 'Point', coordinates }, properties });
const file = (...features) => JSON.stringify({ type: 'FeatureCollection', features });
const names = (found) => found.places.map(({ name }) => name);

test('names and addresses as programs write them', () => {
  const found = readPlaces(
    file(
      feature({ name: '을지면옥', address: '서울 중구' }),
      feature({ Title: '우래옥' }),
      feature({ location: { name: '하동관', address: '명동' } }),
      feature({ Title: ' ', Location: { 'Business Name': '진주회관', Address: '서소문' } }),
    ),
  );
  assert.deepEqual(names(found), ['을지면옥', '우래옥', '하동관', '진주회관']);
  assert.deepEqual(found.places.map(({ address }) => address), ['서울 중구', null, '명동', '서소문']);
  assert.deepEqual(found.places[0].at, [37.56, 126.99]);
  assert.deepEqual(found.left, []);
});

test('what is left out says why', () => {
  const line = { type: 'Feature', geometry: { type: 'LineString', coordinates: [[1, 2], [3, 4]] }, properties: { name: '길' } };
  const found = readPlaces(
    file(feature({ Title: '모르는 곳' }, [0, 0]), feature({}), feature({ name: '가'.repeat(61) }), feature({ name: '멀리' }, [200, 10]), line, null),
  );
  assert.deepEqual(names(found), []);
  assert.deepEqual(found.left.map(({ why }) => why), ['no_point', 'no_name', 'long_name', 'no_point', 'no_point', 'no_name']);
  assert.equal(found.left[0].name, '모르는 곳');
});

test('the same place twice is one', () => {
  assert.equal(readPlaces(file(feature({ name: 'ㄱ' }), feature({ name: 'ㄱ' }))).places.length, 1);
});

test('a single feature is a file, too', () => {
  assert.deepEqual(names(readPlaces(JSON.stringify(feature({ name: '혼자' })))), ['혼자']);
});

for (const [text, code] of [
  ['not json', 'import.not_geojson'],
  ['[]', 'import.not_geojson'],
  ['{"type": "FeatureCollection", "features": {}}', 'import.not_geojson'],
  [file(...Array.from({ length: 5001 }, () => null)), 'import.too_many'],
]) {
  test(`${text.slice(0, 30)}: ${code}`, () => assert.throws(() => readPlaces(text), { code }));
}
