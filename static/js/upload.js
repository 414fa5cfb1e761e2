/** A photo's way to the server, watched: `fetch` tells nothing of what it has sent, so this is XMLHttpRequest. */
import { ApiError, errorIn } from './api.js';

/** As the server's (wagu/images/limits.py): what it would refuse is not sent. */
export const LARGEST_FILE = 25 * 1024 * 1024;

/** ms in which nothing moved, neither bytes nor an answer; an upload as such may take as long as it takes. */
const STALLED = 45_000;

/**
 * @typedef {import('./types.js').PictureView} PictureView
 * @typedef {{photo: PictureView, suggestion: {at: import('./types.js').LatLng} | null}} Uploaded
 */

/**
 * @param {Blob} file
 * @param {{onProgress?: (done: number) => void, signal?: AbortSignal}} [options]  progress: 0…1; at 1 all
 *   is sent, and the server is at work
 * @returns {Promise<Uploaded>}  fails with an ApiError, or with the signal's reason
 */
export async function uploadPhoto(file, { onProgress, signal } = {}) {
  signal?.throwIfAborted();
  if (file.size > LARGEST_FILE) throw new ApiError('image.too_large', '', { status: 413 });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let watchdog = setTimeout(stall, STALLED);
    function stall() {
      request.abort();
      finish(() => reject(new ApiError('network', '')));
    }
    const moved = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(stall, STALLED);
    };
    const cancel = () => {
      request.abort();
      finish(() => reject(signal?.reason));
    };
    const finish = (/** @type {() => void} */ settle) => {
      clearTimeout(watchdog);
      signal?.removeEventListener('abort', cancel);
      settle();
    };
    request.upload.onprogress = ({ loaded, total }) => {
      moved();
      if (total > 0) onProgress?.(loaded / total);
    };
    request.upload.onload = () => {
      moved();
      onProgress?.(1);
    };
    request.onload = () => finish(() => settle(request, resolve, reject));
    request.onerror = () => finish(() => reject(new ApiError('network', '')));
    signal?.addEventListener('abort', cancel);
    request.open('POST', '/api/photos');
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', contentType(file));
    request.send(file);
  });
}

/** The server looks at the bytes, not at this; but some systems know no type for HEIC. @param {Blob} file */
function contentType(file) {
  return file.type.startsWith('image/') ? file.type : 'image/x-unknown';
}

/**
 * @param {XMLHttpRequest} request
 * @param {(uploaded: Uploaded) => void} resolve
 * @param {(error: ApiError) => void} reject
 */
function settle({ status, responseText }, resolve, reject) {
  const body = parsed(responseText);
  if (status !== 201) reject(errorIn(status, body));
  else if (body) resolve(body);
  else reject(new ApiError('network', '', { status }));
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
