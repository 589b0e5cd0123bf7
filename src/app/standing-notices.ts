import type { Notice, NoticeCode } from '../client/types.ts';

/** Notices that the database no longer works (`troubles`), and the one that says that it works again (`remedy`). */
const troubles = /^(?:storage-(?!resumed)|commit-failed$)/u;
const remedy: NoticeCode = 'storage-resumed';
/** Good news that the page shows in its own place: on the ladder of trust. */
const onTheLadder: readonly NoticeCode[] = ['verified-from-genesis', 'verified-from-pin'];
/** The page shows beside the head why nothing moves. */
const besideTheHead: readonly NoticeCode[] = ['client-in-doubt'];
/** Notices that the client doubts itself. Bans for the same reason are then lifted, and an earlier doubt is not resolved any more. */
const doubts: readonly NoticeCode[] = ['client-in-doubt'];

/** Notices about a contradiction that is being examined, and the notices that end the examination. */
const contradictions: readonly NoticeCode[] = ['chain-contradicted', 'verifying-from-genesis'];
const verdicts: readonly NoticeCode[] = ['other-chain', 'anchor-refuted', 'verified-from-genesis', 'verified-from-pin', 'wiped', 'wiped-later'];

/** The notices without those that a later one has made untrue, and without those that the page shows elsewhere. */
export function standingNotices(notices: readonly Notice[]): readonly Notice[] {
  const settled = notices.findLastIndex(({ code }) => code === remedy);
  const decided = notices.findLastIndex(({ code }) => verdicts.includes(code));
  const lifted = ({ code, data }: Notice, index: number): boolean => {
    const later = notices.slice(index + 1).filter((other) => doubts.includes(other.code));
    return code === 'peer-banned' ? later.some((doubt) => doubt.data['rule'] === data['reason']) : code === 'doubt-resolved' && later.length > 0;
  };
  return notices.filter((notice, index) => {
    const { code } = notice;
    return (index > settled || !troubles.test(code)) && (index > decided || !contradictions.includes(code)) && !onTheLadder.includes(code) && !besideTheHead.includes(code) && !lifted(notice, index);
  });
}
