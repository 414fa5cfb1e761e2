/** Is there room for a desktop layout? The same number as in the style sheets. */
import { signal } from '@preact/signals';

const query = window.matchMedia('(min-width: 900px)');

export const wide = signal(query.matches);

query.addEventListener('change', ({ matches }) => {
  wide.value = matches;
});
