/** The REST surface: JSON in, JSON or `ApiError` out. No views, no state. */

const TIMEOUT = 15_000; // ms; a request that takes longer is as good as lost on a phone

/** What went wrong, with the server's stable code; `network` when the server was not reached. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message  Korean sentence from the server, or empty
   * @param {{field?: string | null, status?: number}} [detail]
   */
  constructor(code, message, { field = null, status = 0 } = {}) {
    super(message || code);
    this.name = 'ApiError';
    this.code = code;
    this.message = message;
    this.field = field;
    this.status = status;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{signal?: AbortSignal}} [options]  `signal`: ends the request, instead of the usual time limit
 * @returns {Promise<any>}
 */
async function request(method, path, body, { signal } = {}) {
  /** @type {RequestInit} */
  const init = {
    method,
    credentials: 'same-origin',
    headers: { Accept: 'application/json' },
    signal: signal ?? AbortSignal.timeout(TIMEOUT),
  };
  if (body !== undefined) {
    init.headers = { ...init.headers, 'Content-Type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  const response = await reach(path, init);
  if (!response.ok) throw await toError(response);
  if (response.status === 204) return null;
  return parse(response);
}

export const api = {
  /** @param {string} path */
  get: (path) => request('GET', path),
  /** @param {string} path @param {unknown} [body] @param {{signal?: AbortSignal}} [options] */
  post: (path, body, options) => request('POST', path, body ?? {}, options),
  /** @param {string} path @param {unknown} [body] */
  put: (path, body) => request('PUT', path, body ?? {}),
  /** @param {string} path @param {unknown} [body] */
  patch: (path, body) => request('PATCH', path, body ?? {}),
  /** @param {string} path @param {unknown} [body] */
  delete: (path, body) => request('DELETE', path, body),
};

/**
 * `fetch`, with every way of not reaching the server told as one code.
 *
 * @param {string} path
 * @param {RequestInit} init
 */
export async function reach(path, init) {
  try {
    return await fetch(path, init);
  } catch {
    throw new ApiError('network', '');
  }
}

/** The `ApiError` in an unsuccessful answer. @param {Response} response */
export async function toError(response) {
  return errorIn(response.status, await response.json().catch(() => null));
}

/**
 * The same, of an answer that is read already.
 *
 * @param {number} status
 * @param {{error?: {code?: string, message?: string, field?: string | null}} | null} body  null: not JSON
 */
export function errorIn(status, body) {
  const { code, message, field } = body?.error ?? {};
  const fallback = status >= 500 ? 'server' : 'unexpected';
  return new ApiError(code ?? fallback, message ?? '', { field: field ?? null, status });
}

/** @param {Response} response */
async function parse(response) {
  try {
    return await response.json();
  } catch {
    throw new ApiError('network', '', { status: response.status });
  }
}
