import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const STATIC = new URL('../../static/', import.meta.url);
const page = readFileSync(new URL('index.html', STATIC), 'utf8');
const map = JSON.parse(/<script type="importmap">(.*?)<\/script>/s.exec(page)[1]).imports;

/** What a module imports before it runs; `import()` and types in comments are not that. */
function imports(text) {
  return [...text.matchAll(/^(?:import|export)\s[^;'"]*?\bfrom\s['"]([^'"]+)['"];$/gm)].map(([, name]) => name);
}

/** Everything that app.js needs before it runs, as paths on the server. */
function closure(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  if (path.startsWith('/static/vendor/')) return found; // made by the build; their imports are in the map
  const url = new URL(path.replace('/static/', ''), STATIC);
  for (const name of imports(readFileSync(url, 'utf8'))) {
    closure(map[name] ?? `/static/${new URL(name, url).href.slice(STATIC.href.length)}`, found);
  }
  return found;
}

test('the page preloads exactly the modules that the start needs, so that they are not found one by one', () => {
  const needed = [...closure('/static/js/app.js')].filter((path) => path !== '/static/js/app.js');
  for (const name of ['preact', 'preact/hooks', 'htm', 'htm/preact', '@preact/signals-core', '@preact/signals']) needed.push(map[name]);
  const listed = [...page.matchAll(/<link rel="modulepreload" href="([^"]+)">/g)].map(([, path]) => path);
  const wanted = [...new Set(needed)].sort();
  assert.deepEqual([...listed].sort(), wanted, `write into index.html:\n${wanted.map((path) => `    <link rel="modulepreload" href="${path}">`).join('\n')}`);
});
