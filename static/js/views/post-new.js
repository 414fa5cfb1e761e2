/** Record a meal; `?place=<id>` says where. */
import { useEffect, useMemo } from 'preact/hooks';
import { api } from '../api.js';
import { loadConfig } from '../config.js';
import { html } from '../html.js';
import { Editor } from '../posts/editor.js';
import { EditorPage } from '../posts/editor-page.js';
import { location } from '../router.js';
import { person, requirePerson } from '../session.js';

// Asked for beside the form: it says what drafts and the place search can do.
void loadConfig().catch(() => {});

export default function PostNew() {
  const owner = person.value?.kind === 'member' ? person.value.id : null;
  useEffect(() => void requirePerson(), []);
  return owner && html`<${Form} key=${owner} owner=${owner} />`;
}

/** @param {{owner: string}} props */
function Form({ owner }) {
  const editor = useMemo(() => new Editor({ owner, post: null }), [owner]);
  useEffect(() => void preset(editor), [editor]);
  return html`<${EditorPage} editor=${editor} />`;
}

/** @param {Editor} editor */
async function preset(editor) {
  const id = location.peek().query.get('place');
  if (!id) return;
  const { place } = await api.get(`/api/places/${encodeURIComponent(id)}`).catch(() => ({ place: null }));
  if (!place) return;
  const { place: chosen, category } = editor.draft.peek();
  if (!chosen) editor.choose(place);
  else if (chosen.id !== place.id) editor.offered.value = place;
  else if (!category) editor.choose(place);
}
