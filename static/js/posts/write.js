/** Have a text drafted (`POST /api/drafts`): pieces of it as they come. */
import { ApiError, reach, toError } from '../api.js';
import { EventParser } from './event-stream.js';

/** ms without a byte; the server says something every two seconds. */
const SILENT = 20_000;

/**
 * @param {unknown} brief  as the server documents it
 * @param {{onText: (text: string) => void, signal: AbortSignal}} options
 * @returns {Promise<'ai' | 'template'>}  who wrote it; fails with an ApiError, or with the signal's reason
 */
export async function writeDraft(brief, { onText, signal }) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  signal.addEventListener('abort', stop);
  let watchdog = setTimeout(stop, SILENT);
  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(stop, SILENT);
  };
  try {
    signal.throwIfAborted();
    const response = await reach('/api/drafts', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { Accept: 'text/event-stream, application/json', 'Content-Type': 'application/json' },
      body: JSON.stringify(brief),
      signal: controller.signal,
    });
    if (!response.ok || !response.body) throw await toError(response);
    return await listen(response.body, onText, heard);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ApiError ? error : new ApiError('network', '');
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', stop);
    controller.abort();
  }
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {(text: string) => void} onText
 * @param {() => void} heard
 * @returns {Promise<'ai' | 'template'>}
 */
async function listen(body, onText, heard) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new ApiError('ai.cut_off', '');
    heard();
    for (const { event, data } of parser.push(decoder.decode(value, { stream: true }))) {
      const said = JSON.parse(data);
      if (event === 'delta') onText(String(said.text));
      else if (event === 'done') return said.origin;
      else if (event === 'error') throw new ApiError(String(said.code), String(said.message ?? ''));
    }
  }
}
