import { canonicalEventBytes, type Actor, type EventContent, type EventOutcome, type MolochEvent, type Resource } from '../../src/chains/moloch/wire/event.ts';
import type { EventType } from '../../src/chains/moloch/wire/event-type.ts';
import type { DevKey } from './dev-key.ts';

/** All 37 types of events, in the order of their indices, each with values that follow from `n`. */
const TYPES: readonly ((n: number) => EventType)[] = [
  () => ({ kind: 'RepoCreated' }),
  () => ({ kind: 'RepoDeleted' }),
  () => ({ kind: 'RepoTransferred' }),
  () => ({ kind: 'RepoVisibilityChanged' }),
  (n) => ({ kind: 'Push', force: n % 2 === 1, commits: (n % 9) + 1 }),
  () => ({ kind: 'BranchCreated' }),
  () => ({ kind: 'BranchDeleted' }),
  () => ({ kind: 'BranchProtectionChanged' }),
  () => ({ kind: 'TagCreated' }),
  () => ({ kind: 'TagDeleted' }),
  () => ({ kind: 'PullRequestOpened' }),
  () => ({ kind: 'PullRequestMerged' }),
  () => ({ kind: 'PullRequestClosed' }),
  (n) => ({ kind: 'ReviewSubmitted', verdict: (['Approved', 'ChangesRequested', 'Commented'] as const)[n % 3]! }),
  () => ({ kind: 'IssueOpened' }),
  () => ({ kind: 'IssueClosed' }),
  () => ({ kind: 'AccessGranted', permission: 'write' }),
  () => ({ kind: 'AccessRevoked' }),
  () => ({ kind: 'Login', method: 'passkey' }),
  () => ({ kind: 'Logout' }),
  (n) => ({ kind: 'LoginFailed', reason: `attempt ${(n % 3) + 1}` }),
  () => ({ kind: 'MfaConfigured' }),
  (n) => ({ kind: 'AgentAction', action: 'review', reasoning: n % 2 === 0 ? undefined : 'two tests fail' }),
  (n) => ({ kind: 'AgentAuthorized', scope: ['read', 'comment', 'merge'].slice(0, n % 4) }),
  () => ({ kind: 'AgentRevoked' }),
  () => ({ kind: 'DataExportRequested' }),
  () => ({ kind: 'DataExportCompleted' }),
  () => ({ kind: 'DataDeletionRequested' }),
  () => ({ kind: 'DataDeletionCompleted' }),
  () => ({ kind: 'ConsentGiven', purpose: 'statistics' }),
  () => ({ kind: 'ConsentRevoked', purpose: 'statistics' }),
  () => ({ kind: 'ConfigChanged', key: 'retention.days' }),
  (n) => ({ kind: 'ReleasePublished', version: `1.${n % 100}.0` }),
  () => ({ kind: 'BackupCreated' }),
  (n) => ({ kind: 'SecurityScan', findings: n % 5 }),
  () => ({ kind: 'AgentAccountability', eventLabel: 'review', summary: 'one change was asked for' }),
  () => ({ kind: 'Custom', name: 'devnet' }),
];

const RESOURCES = ['Repository', 'Commit', 'Branch', 'Tag', 'PullRequest', 'Issue', 'File', 'User', 'Organization', 'Credential', 'Config', 'Document', 'Other'] as const;
const ACTORS = ['User', 'System', 'Agent', 'Integration'] as const;

/**
 * The event number `n` of the local network, signed by `user`. The types come one after the other, so that 37 events in a row show them all; actors,
 * resources, outcomes and chains of attestations vary beside them.
 * @param time Unix milliseconds.
 */
export function makeEvent(n: number, time: number, user: DevKey): MolochEvent {
  const actor: Actor = { key: user.key, name: n % 3 === 0 ? undefined : `user ${n % 7}`, kind: ACTORS[n % ACTORS.length]! };
  const repository: Resource = { kind: 'Repository', id: `repository/${n % 5}`, parent: undefined };
  const kind = RESOURCES[n % RESOURCES.length]!;
  const resource: Resource = kind === 'Repository' ? repository : { kind, id: `${kind.toLowerCase()}/${n}`, parent: n % 4 === 0 ? undefined : repository };
  const outcome: EventOutcome = n % 11 === 5 ? { kind: 'Failure', reason: 'out of space' } : n % 11 === 7 ? { kind: 'Denied', reason: 'not allowed' } : n % 11 === 9 ? { kind: 'Pending' } : { kind: 'Success' };
  const content: EventContent = { time, type: TYPES[n % TYPES.length]!(n), actor, resource, outcome, metadata: new TextEncoder().encode(JSON.stringify({ n })) };
  const signature = user.sign(canonicalEventBytes(content));
  const chain = n % 6 === 3 ? [{ attester: user.key, signature: user.sign(signature), time }] : [];
  return { ...content, attestation: { attester: user.key, signature, chain } };
}
