/** What this server is like (`GET /api/config`), asked for once. */
import { signal } from '@preact/signals';
import { api } from './api.js';

/** @type {import('@preact/signals').Signal<import('./types.js').Config | null>} */
export const config = signal(null);

/** @returns {Promise<import('./types.js').Config>} */
export async function loadConfig() {
  config.value ??= await api.get('/api/config');
  return /** @type {import('./types.js').Config} */ (config.value);
}
