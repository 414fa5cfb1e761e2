import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { SpotsSource, clustersPath, keyOf, viewIn, viewText } from '../../static/js/finding/spots-source.js';

function desk() {
  const asked = [];
  const told = [];
  const get = (path, signal) => new Promise((resolve, reject) => asked.push({ path, signal, resolve, reject }));
  const source = new SpotsSource(get, { onAnswer: (answer) => told.push(answer), onFailure: (error) => told.push(error.message) });
  return { asked, told, source };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a newer question gives the older one up, and its answer is dropped', async () => {
  const { asked, told, source } = desk();
  void source.now('/a');
  void source.now('/b');
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, false]);
  asked[1].resolve('b');
  asked[0].resolve('a');
  await settle();
  assert.deepEqual(told, ['b']);
});

test('giving up is no failure, a failure is', async () => {
  const { asked, told, source } = desk();
  void source.now('/a');
  void source.now('/b');
  asked[0].reject(new Error('aborted'));
  asked[1].reject(new Error('away'));
  await settle();
  assert.deepEqual(told, ['away']);
});

test('while the map moves nothing is asked, and then once, for where it is by then', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { asked, source } = desk();
  let path = '/1';
  source.later(() => path);
  mock.timers.tick(200);
  source.later(() => path);
  path = '/2';
  mock.timers.tick(200);
  assert.equal(asked.length, 0);
  mock.timers.tick(50);
  assert.deepEqual(asked.map((one) => one.path), ['/2']);
  source.later(() => path);
  source.close();
  mock.timers.tick(1000);
  assert.equal(asked.length, 1);
  mock.timers.reset();
});

test('a view is asked for within the world', () => {
  const view = { south: 37.1, west: 126.9, north: 37.2, east: 127, zoom: 13.5 };
  assert.equal(clustersPath(view, null), '/api/places/clusters?bbox=37.100000,126.900000,37.200000,127.000000&zoom=13.5');
  assert.match(clustersPath(view, '한식'), /&category=%ED%95%9C%EC%8B%9D$/);
  assert.match(clustersPath({ south: -95, west: -300, north: 95, east: 100, zoom: 1 }, null), /bbox=-90\.000000,-180\.000000,90\.000000,180\.000000/);
  assert.match(clustersPath({ ...view, west: 486, east: 487 }, null), /,126\.000000,37\.2/);
});

test('where the map looks survives its address, and nonsense is nowhere', () => {
  assert.deepEqual(viewIn(viewText([37.5, 127, 13.5])), [37.5, 127, 13.5]);
  for (const text of [null, '', '1,2', '1,2,x', '91,0,3', '0,200,3', '1,2,3,4', ',,']) assert.equal(viewIn(text), null);
});

test('a place alone keeps its marker wherever its cell is; a heap is another when it counts more', () => {
  const heap = { at: [37.5, 127], count: 3, lives: 0, place: null };
  assert.equal(keyOf({ ...heap, count: 1, place: { id: 7 } }), 'place:7');
  assert.notEqual(keyOf(heap), keyOf({ ...heap, count: 4 }));
  assert.equal(keyOf(heap), keyOf({ ...heap, lives: 1 }));
});
