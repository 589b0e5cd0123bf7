import type { Notice } from '../client/types.ts';

/** Notices of a database that works no more, and the one that says it does again. */
const troubles = /^(?:storage-(?!resumed)|commit-failed$)/u;
const remedy = 'storage-resumed';
/** Good news that has a place of its own on the page: the ladder of trust. */
const onTheLadder: readonly string[] = ['verified-from-genesis', 'verified-from-pin'];
/** Why nothing moves stands beside the head. */
const besideTheHead: readonly string[] = ['client-in-doubt'];
/** By these the client doubts itself; the bans for the same are lifted then, and an earlier doubt is not over. */
const doubts: readonly string[] = ['client-in-doubt'];

/** The notices without those that a later one has made untrue, and those that the page says elsewhere. */
export function standingNotices(notices: readonly Notice[]): readonly Notice[] {
  const settled = notices.findLastIndex(({ code }) => code === remedy);
  const lifted = ({ code, data }: Notice, index: number): boolean => {
    const later = notices.slice(index + 1).filter((other) => doubts.includes(other.code));
    return code === 'peer-banned' ? later.some((doubt) => doubt.data['rule'] === data['reason']) : code === 'doubt-resolved' && later.length > 0;
  };
  return notices.filter((notice, index) => {
    const { code } = notice;
    return (index > settled || !troubles.test(code)) && !onTheLadder.includes(code) && !besideTheHead.includes(code) && !lifted(notice, index);
  });
}
