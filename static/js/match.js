/** Route patterns: `/map/:id` against a path. Pure. */

/** @typedef {{path: string, query: URLSearchParams}} Place */

/**
 * The parameters when `path` matches `pattern`, else null. A trailing slash is the same path; a
 * parameter is one non-empty segment, percent-decoded.
 *
 * @param {string} pattern
 * @param {string} path
 * @returns {Record<string, string> | null}
 */
export function match(pattern, path) {
  const wanted = split(pattern);
  const given = split(path);
  if (wanted.length !== given.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith(':')) {
      const value = decode(given[i]);
      if (!value) return null;
      params[part.slice(1)] = value;
    } else if (part !== given[i]) {
      return null;
    }
  }
  return params;
}

/**
 * A path of this site to return to after logging in, or the fallback when `next` leads elsewhere
 * (`//evil.example`, `/\evil.example`, `https:…`).
 *
 * @param {string | null | undefined} next
 * @param {string} fallback
 */
export function safeNext(next, fallback = '/') {
  if (!next || !/^\/(?![/\\])/.test(next) || /[\u0000-\u001f]/.test(next)) return fallback;
  return next;
}

/** @param {string} path @param {URLSearchParams} query */
export function withQuery(path, query) {
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** @param {string} path */
function split(path) {
  return path.split('/').filter((part, i, all) => part !== '' || (i > 0 && i < all.length - 1));
}

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
