import type { Notice } from '../client/types.ts';

/** Notices of a database that works no more, and the one that says it does again. */
const troubles = /^(?:storage-(?!resumed)|commit-failed$)/u;
const remedy = 'storage-resumed';
/** Good news that has a place of its own on the page: the ladder of trust. */
const onTheLadder: readonly string[] = ['verified-from-genesis', 'verified-from-pin'];

/** The notices without those that a later one has made untrue, and those that the page says elsewhere. */
export function standingNotices(notices: readonly Notice[]): readonly Notice[] {
  const settled = notices.findLastIndex(({ code }) => code === remedy);
  return notices.filter(({ code }, index) => (index > settled || !troubles.test(code)) && !onTheLadder.includes(code));
}
