/** Who follows somebody. */
import { html } from '../html.js';
import { FollowList } from '../people/follow-list.js';

/** @param {{params: Record<string, string>}} props */
export default function Followers({ params }) {
  return html`<${FollowList} username=${params.username} which="followers" />`;
}
