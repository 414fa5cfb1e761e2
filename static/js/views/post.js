/** One record of a meal, or why it cannot be seen. */
import { loadConfig } from '../config.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { useFetched } from '../poll.js';
import { PostPage } from '../posts/post-page.js';
import { loginPath, person } from '../session.js';
import { EmptyTable } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Spinner } from '../ui/spinner.js';
import { useTitle } from '../ui/title.js';

// Asked for beside the post: its small map needs to know the tiles.
void loadConfig().catch(() => {});

/** @param {any} body @returns {import('../types.js').PostView} */
const takePost = (body) => body.post;

/** @param {{params: Record<string, string>}} props */
export default function PostView({ params }) {
  const { data: post, error, reload } = useFetched(`/api/posts/${encodeURIComponent(params.id)}`, takePost);
  useTitle(post ? t('post.title', { place: post.place.name }) : undefined);
  if (post) return html`<${PostPage} post=${post} />`;
  if (!error) return html`<${Skeleton} />`;
  if (/** @type {{code?: string}} */ (error).code === 'post.unknown') return html`<${Unknown} />`;
  return html`<div class="page-middle"><${EmptyState} page title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//></div>`;
}

/** Gone, or not for everybody: the server does not say which, and tells who is not logged in the same. */
function Unknown() {
  const member = person.value?.kind === 'member';
  return html`<div class="page-middle">
    <${EmptyState} page art=${html`<${EmptyTable} />`} title=${t('post.unknown')} text=${t(member ? 'post.unknown_text' : 'post.unknown_guest')} testId="post-unknown">
      ${!member && html`<${Button} href=${loginPath()}>${t('post.login')}<//>`}
      <${Button} kind=${member ? 'primary' : 'secondary'} href="/">${t('notfound.home')}<//>
    <//>
  </div>`;
}

function Skeleton() {
  return html`<div class="post post-skeleton">
    <div class="gallery"></div>
    <div class="post-sheet"><${Spinner} size=${28} label=${t('loading')} /></div>
  </div>`;
}
