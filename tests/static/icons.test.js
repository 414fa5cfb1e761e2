import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../', import.meta.url);

/** As hatch_build.py lists what it copies to static/vendor/icons. */
function shipped() {
  const [, list] = /^ICONS = """(.*?)"""/ms.exec(readFileSync(new URL('hatch_build.py', ROOT), 'utf8')) ?? [];
  return new Set(list.trim().split(/\s+/));
}

/** Names in `name="…"` of an <Icon>, `icon="…"`, `icon: '…'` and both arms of `icon=${a ? '…' : '…'}`. */
function used(text) {
  const plain = [...text.matchAll(/(?:\$\{Icon\} name=|\bicon=|\bicon: )["']([a-z0-9-]+)["']/g)].map(([, name]) => name);
  const either = [...text.matchAll(/(?:\$\{Icon\} name|\bicon)=\$\{[^}]*?\? '([a-z0-9-]+)' : '([a-z0-9-]+)'\}/g)].flatMap(([, a, b]) => [a, b]);
  return [...plain, ...either];
}

test('every icon that the client draws is shipped', () => {
  const js = new URL('static/js/', ROOT);
  const icons = shipped();
  const missing = readdirSync(js, { recursive: true })
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => used(readFileSync(new URL(name, js), 'utf8')).map((icon) => ({ name, icon })))
    .filter(({ icon }) => !icons.has(icon));
  assert.ok(icons.size > 50);
  assert.deepEqual(missing, []);
});

test('the search for names finds each way of writing one', () => {
  const text = '<${Icon} name="a-b" /> <${Button} icon="c" icon: \'d\', icon=${x ? \'e\' : \'f\'} <${Icon} name=${y ? \'g\' : \'h\'}';
  assert.deepEqual(used(text).sort(), ['a-b', 'c', 'd', 'e', 'f', 'g', 'h']);
});
