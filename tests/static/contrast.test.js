import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const css = readFileSync(new URL('../../static/css/tokens.css', import.meta.url), 'utf8');
const tokens = Object.fromEntries([...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));

/** Relative luminance, WCAG 2.2. */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = 4.5; // 1.4.3
const SHAPE = 3; // 1.4.11: borders of inputs, icons

for (const [front, backs, least] of [
  ['ink', ['paper', 'cream', 'sand', 'orange-soft', 'orange-line'], TEXT],
  ['ink-2', ['paper', 'cream', 'sand'], TEXT],
  ['orange-ink', ['paper', 'cream', 'orange-soft'], TEXT],
  ['on-orange', ['orange', 'orange-press'], TEXT],
  ['on-brown', ['brown', 'brown-2', 'brown-3'], TEXT],
  ['on-brown-dim', ['brown', 'brown-2'], TEXT],
  ['danger', ['paper', 'danger-soft'], TEXT],
  ['ok', ['paper', 'ok-soft'], TEXT],
  ['orange', ['brown'], TEXT],
  ['line-strong', ['paper', 'cream'], SHAPE],
]) {
  for (const back of backs) {
    test(`${front} on ${back} has at least ${least}:1`, () => {
      assert.ok(tokens[front] && tokens[back], `${front} and ${back} are tokens`);
      const ratio = contrast(tokens[front], tokens[back]);
      assert.ok(ratio >= least, `${ratio.toFixed(2)}:1`);
    });
  }
}

test('the sum is right: black on white, and the ratio beside --orange', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast(tokens.orange, '#ffffff').toFixed(1), '2.9');
});
