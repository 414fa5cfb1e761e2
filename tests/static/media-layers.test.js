import assert from 'node:assert/strict';
import { test } from 'node:test';

import { encodingsOf, Layers } from '../../static/js/media/layers.js';

/** A sender that, as browsers do, takes only the parameters it gave out last. */
function connection(...rids) {
  const encodings = rids.map((rid) => ({ rid, active: true }));
  const sets = [];
  let given = null;
  const sender = {
    track: { kind: 'video' },
    getParameters: () => (given = { encodings: encodings.map((each) => ({ ...each })) }),
    async setParameters(parameters) {
      assert.equal(parameters, given, 'parameters of an earlier call');
      given = null;
      await Promise.resolve();
      parameters.encodings.forEach(({ active }, at) => (encodings[at].active = active));
      sets.push(encodings.filter(({ active }) => active).map(({ rid }) => rid));
    },
  };
  return { sets, getSenders: () => [{ track: null }, sender] };
}

test('a picture has as many layers as a browser makes of it, the best among them', () => {
  const rids = (width, height, guest = false) => encodingsOf({ width, height }, guest).map(({ rid, scaleResolutionDownBy: by }) => `${rid}/${by}`);
  for (const [width, height] of [[1280, 720], [720, 1280], [960, 540], []]) {
    assert.deepEqual(rids(width, height), ['l/4', 'm/2', 'h/1']);
  }
  for (const [width, height] of [[640, 480], [640, 360], [360, 640], [480, 270]]) assert.deepEqual(rids(width, height), ['l/2', 'h/1']);
  assert.deepEqual(rids(320, 240), ['h/1']);
  assert.deepEqual(rids(1280, 720, true), ['l/2', 'h/1']);
  assert.deepEqual(encodingsOf({ width: 640, height: 360 }, true).map(({ maxBitrate }) => maxBitrate), [150_000, 500_000]);
});

test('only what is wanted is sent', async () => {
  const pc = connection('l', 'm', 'h');
  const layers = new Layers(pc);
  await layers.want(['l']);
  await layers.want(['l', 'h']);
  assert.deepEqual(pc.sets, [['l'], ['l', 'h']]);
});

test('the newest wish wins, and nothing is set twice', async () => {
  const pc = connection('l', 'm', 'h');
  const layers = new Layers(pc);
  await Promise.all([layers.want(['l']), layers.want(['l', 'm', 'h']), layers.want(['l', 'm'])]);
  assert.deepEqual(pc.sets, [['l', 'm']]);
});

test('one encoding without a RID is always sent', async () => {
  const pc = connection('');
  await new Layers(pc).want([]);
  assert.deepEqual(pc.sets, []);
});

test('a connection that refuses does not stop the next wish', async () => {
  const pc = connection('l', 'h');
  const layers = new Layers({ getSenders: () => (pc.refuses ? assert.fail() : pc.getSenders()) });
  pc.refuses = true;
  await layers.want(['l']);
  pc.refuses = false;
  await layers.want(['l']);
  assert.deepEqual(pc.sets, [['l']]);
});
