/** `html` tagged templates that make Preact nodes: JSX without a build step. */
import { html as bound } from 'htm/preact';

/** @typedef {import('preact').VNode<any>} Node */

/** As htm's own, but typed for one root element. @type {(strings: TemplateStringsArray, ...values: unknown[]) => Node} */
export const html = /** @type {any} */ (bound);
