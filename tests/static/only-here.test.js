import assert from 'node:assert/strict';
import { test } from 'node:test';

import { onlyHere } from '../../static/js/ui/only-here.js';

test('a link to this very computer is no link for friends', () => {
  for (const url of ['http://localhost:8080/map/x', 'http://127.0.0.1/map/x', 'http://[::1]:8080/map/x', 'http://wagu.localhost/']) {
    assert.equal(onlyHere(url), true, url);
  }
  for (const url of ['http://192.168.0.5:8080/map/x', 'https://wagu.example.org/map/x', 'http://127.example.org/', 'http://localhost.example.org/']) {
    assert.equal(onlyHere(url), false, url);
  }
});
