/** Change a record of one's own. */
import { useEffect, useMemo } from 'preact/hooks';
import { loadConfig } from '../config.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { useFetched } from '../poll.js';
import { Editor } from '../posts/editor.js';
import { EditorPage } from '../posts/editor-page.js';
import { person, requirePerson } from '../session.js';
import { EmptyTable } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Loading } from '../ui/spinner.js';

void loadConfig().catch(() => {});

/** @typedef {import('../types.js').PostView} PostView */

/** @param {any} body @returns {PostView} */
const takePost = (body) => body.post;

/** @param {{params: Record<string, string>}} props */
export default function PostEdit({ params }) {
  const owner = person.value?.kind === 'member' ? person.value.id : null;
  useEffect(() => void requirePerson(), []);
  const { data: post, error, reload } = useFetched(owner ? `/api/posts/${encodeURIComponent(params.id)}` : null, takePost);
  if (!owner) return null;
  if (post?.mine) return html`<${Form} key=${post.id} owner=${owner} post=${post} />`;
  if (post) return html`<${Closed} title=${t('post.not_yours')} text=${t('post.not_yours_text')} href=${`/posts/${post.id}`} />`;
  if (!error) return html`<${Loading} />`;
  if (/** @type {{code?: string}} */ (error).code === 'post.unknown') return html`<${Closed} title=${t('post.unknown')} text=${t('post.unknown_text')} href="" />`;
  return html`<div class="page-middle"><${EmptyState} page title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//></div>`;
}

/** @param {{owner: string, post: PostView}} props */
function Form({ owner, post }) {
  const editor = useMemo(() => new Editor({ owner, post }), [post]);
  return html`<${EditorPage} editor=${editor} />`;
}

/** @param {{title: string, text: string, href: string}} props */
function Closed({ title, text, href }) {
  return html`<div class="page-middle">
    <${EmptyState} page art=${html`<${EmptyTable} />`} title=${title} text=${text} testId="post-closed">
      ${href && html`<${Button} href=${href}>${t('post.back')}<//>`}
      <${Button} kind="secondary" href="/">${t('notfound.home')}<//>
    <//>
  </div>`;
}
