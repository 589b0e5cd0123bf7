import type { Notice, NoticeCode, PeerView, Status, TrustRecord } from './contract.ts';

/** What is known now; undefined parts end no notice. */
export interface NoticeState {
  readonly status?: Status | undefined;
  readonly trust?: TrustRecord | undefined;
  readonly peers?: readonly PeerView[] | undefined;
}

/** Notices that the database no longer works (`troubles`), and the one that says that it works again (`remedy`). */
const troubles = /^(?:storage-(?!resumed)|commit-failed$)/u;
const remedy: NoticeCode = 'storage-resumed';
/** Troubles after which the client works in memory. They are over when it works in the database. */
const inMemory = /^storage-(?!resumed|lost|reopened)/u;
/** Notices that the client doubts itself. Bans for the same reason are then lifted. */
const doubts: readonly NoticeCode[] = ['client-in-doubt', 'past-in-doubt'];
/** Notices that such a doubt has ended. */
const doubtEnds: Readonly<Partial<Record<NoticeCode, readonly NoticeCode[]>>> = { 'client-in-doubt': ['doubt-refuted', 'doubt-resolved'], 'past-in-doubt': ['past-doubt-refuted'] };

/** Notices about a contradiction that is being examined, and the notices that end the examination. */
const contradictions: readonly NoticeCode[] = ['chain-contradicted', 'verifying-from-genesis'];
const verdicts: readonly NoticeCode[] = ['other-chain', 'anchor-refuted', 'contradiction-over', 'verified-from-genesis', 'verified-from-pin', 'wiped', 'wiped-later'];
/** Notices that everything is being verified from genesis, since nobody can be believed. */
const fromGenesis: readonly NoticeCode[] = ['no-witnesses', 'witnesses-disagree', 'verifying-from-genesis'];
/** Notices about the witnesses of the starting point. */
const ofWitnesses: readonly NoticeCode[] = ['few-witnesses', 'witnesses-only-names'];

/** Notices of something that happened and is over: a page that is opened later need not hear of it. */
const pastEvents: readonly NoticeCode[] = ['wiped', 'snapshot-imported', 'storage-resumed', 'storage-reopened', 'storage-lost', 'contradiction-over', 'doubt-refuted', 'past-doubt-refuted', 'doubt-resolved', 'verified-from-genesis', 'verified-from-pin'];
/** Milliseconds for which a page that is opened still hears of such an event: a page that comes late to its own start, or is reloaded at once. */
const EVENT_AGE = 60_000;

/** Whether a notice tells of an event that is over, and of which a page that is opened now need not hear. */
export function isPast({ code, time }: Notice, now: number): boolean {
  return pastEvents.includes(code) && now - time > EVENT_AGE;
}

/** The notices whose cause still exists: without those that a later notice or the present state has made untrue. */
export function standingNotices(notices: readonly Notice[], state: NoticeState = {}): readonly Notice[] {
  const settled = notices.findLastIndex(({ code }) => code === remedy);
  const written = notices.findLastIndex(({ code }) => code === remedy || code === 'storage-lost');
  const decided = notices.findLastIndex(({ code }) => verdicts.includes(code));
  const lifted = ({ code, data }: Notice, index: number): boolean => {
    const later = notices.slice(index + 1);
    const ends = doubtEnds[code];
    if (ends) return later.some((other) => ends.includes(other.code));
    if (code === 'peer-banned') return later.some((other) => doubts.includes(other.code) && other.data['rule'] === data['reason']);
    return code === 'doubt-resolved' && later.some((other) => other.code === 'client-in-doubt');
  };
  return notices.filter((notice, index) => {
    const { code } = notice;
    return (index > settled || !troubles.test(code)) && (index > written || code !== 'commit-failed') && (index > decided || !contradictions.includes(code)) && !lifted(notice, index) && !isOver(notice, state);
  });
}

/** Whether the state shows that the cause of a notice no longer exists. */
function isOver({ code, data }: Notice, { status, trust, peers }: NoticeState): boolean {
  if (ofWitnesses.includes(code)) return trust !== undefined && !(trust.anchor.kind === 'witnesses' && trust.anchor.height === data['height']);
  if (code === 'past-in-doubt') return trust?.level === 'proven';
  // A sync that is stopped says nothing of its doubt, and the next one has none.
  if (code === 'client-in-doubt') return status !== undefined && status.reason?.code !== code && peers !== undefined && !peers.some(({ state }) => state === 'aside');
  if (fromGenesis.includes(code)) return status?.consensus === 'established' && (trust?.level === 'proven' || trust?.level === 'pinned');
  if (code === 'peer-banned') return peers !== undefined && !peers.some(({ id, state }) => id === data['peer'] && state === 'banned');
  if (code === 'network-failed' || code === 'chain-halted' || code === 'state-differs' || code === 'no-participation') return status !== undefined && status.phase !== 'failed';
  return inMemory.test(code) && status?.storage.kind === 'indexeddb';
}
