/** Whom somebody follows. */
import { html } from '../html.js';
import { FollowList } from '../people/follow-list.js';

/** @param {{params: Record<string, string>}} props */
export default function Followings({ params }) {
  return html`<${FollowList} username=${params.username} which="followings" />`;
}
