import type { Notice } from '../client/types.ts';

/** Notices of a database that works no more, and the one that says it does again. */
const troubles = /^(?:storage-(?!resumed)|commit-failed$)/u;
const remedy = 'storage-resumed';

/** The notices without those that a later one has made untrue. */
export function standingNotices(notices: readonly Notice[]): readonly Notice[] {
  const settled = notices.findLastIndex(({ code }) => code === remedy);
  return notices.filter(({ code }, index) => index > settled || !troubles.test(code));
}
