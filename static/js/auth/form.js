/** A form that keeps what was typed, shows each error at its field, and sends once. */
import { useState } from 'preact/hooks';
import { ApiError } from '../api.js';
import { errorText, t } from '../i18n.js';

/**
 * @typedef {Record<string, string>} Values
 * @typedef {object} Form
 * @property {Values} values
 * @property {Record<string, string | null>} errors  per field, in the reader's language
 * @property {string | null} problem  an error that belongs to no field
 * @property {boolean} busy
 * @property {(name: string) => (value: string) => void} set
 * @property {(send: (values: Values) => Promise<void>) => (event: Event) => Promise<void>} submit
 * @property {() => void} clear
 */

/**
 * @param {Values} initial  every field of it must be filled in
 * @returns {Form}
 */
export function useForm(initial) {
  const [values, setValues] = useState(initial);
  /** Errors are kept as they came, and put into words when drawn, so that they follow the language. */
  const [failure, setFailure] = useState(/** @type {{field: string | null, error: unknown}[]} */ ([]));
  const [busy, setBusy] = useState(false);

  const submit = (/** @type {(values: Values) => Promise<void>} */ send) => async (/** @type {Event} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLElement} */ (event.currentTarget);
    if (busy) return;
    const blank = Object.keys(initial).filter((name) => !values[name].trim());
    setFailure(blank.map((field) => ({ field, error: { code: 'form.blank' } })));
    if (blank.length) return focusOn(form, blank[0]);
    setBusy(true);
    try {
      await send(values);
    } catch (error) {
      const field = error instanceof ApiError && error.field && error.field in initial ? error.field : null;
      setFailure([{ field, error }]);
      if (field) focusOn(form, field);
    } finally {
      setBusy(false);
    }
  };
  const set = (/** @type {string} */ name) => (/** @type {string} */ value) => {
    setValues((old) => ({ ...old, [name]: value }));
    setFailure((old) => old.filter(({ field }) => field !== name && field !== null));
  };
  const loose = failure.find(({ field }) => field === null);
  return {
    values,
    errors: Object.fromEntries(failure.filter(({ field }) => field).map(({ field, error }) => [field, words(error)])),
    problem: loose ? words(loose.error) : null,
    busy,
    set,
    submit,
    clear: () => setValues(initial),
  };
}

/** @param {unknown} error */
function words(error) {
  return /** @type {{code?: string}} */ (error)?.code === 'form.blank' ? t('auth.required_field') : errorText(error);
}

/** @param {HTMLElement} form @param {string} name */
function focusOn(form, name) {
  /** @type {HTMLElement | null} */ (form.querySelector(`[name="${name}"]`))?.focus();
}
