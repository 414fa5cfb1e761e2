/** What is wrong with a field of the form, in words beside it. */
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { Icon } from '../ui/icon.js';

/** @param {import('./editor.js').Editor} editor @param {string} field @returns {string | null} */
export function problemOf(editor, field) {
  const problem = editor.problems.value.find((one) => one.field === field);
  if (!problem) return null;
  return problem.code === 'write.photo_problem' ? t('write.photo_problem') : errorText(problem.error ?? { code: problem.code });
}

/** @param {{id?: string, text: string | null}} props */
export function FieldProblem({ id, text }) {
  return html`<p id=${id} class="note error write-problem" aria-live="polite" hidden=${!text}>${text && html`<${Icon} name="circle-alert" size=${16} />`}${text}</p>`;
}
