import assert from 'node:assert/strict';
import { test } from 'node:test';

import { withColours } from '../../static/js/share-map/palette.js';

const COLOURS = ['red', 'green', 'blue'];
const usual = (id) => COLOURS[id.length % 3];
const people = (...ids) => ids.map((id) => ({ id }));

test('no two alike while there are enough colours', () => {
  const given = withColours(new Map(), people('a', 'b', 'c'), COLOURS, usual);
  assert.deepEqual([...given], [['a', 'green'], ['b', 'blue'], ['c', 'red']]);
});

test('beyond that everyone has the usual one', () => {
  const given = withColours(new Map(), people('a', 'b', 'c', 'd', 'ee'), COLOURS, usual);
  assert.deepEqual([given.get('d'), given.get('ee')], ['green', 'blue']);
});

test('a colour stays, whoever comes or goes; one who left frees theirs', () => {
  const two = withColours(new Map(), people('a', 'b'), COLOURS, usual);
  const three = withColours(two, people('b', 'c'), COLOURS, usual);
  assert.deepEqual([three.get('b'), three.get('c')], ['blue', 'green']);
  assert.equal(withColours(three, people('c', 'b'), COLOURS, usual), three);
});
