import { bool, kinds, list, names, option, text, u32, type Codec } from './codec.ts';

export type ReviewVerdict = 'Approved' | 'ChangesRequested' | 'Commented';

/** What an event says has happened: the 37 types of the crates, under their names (Moloch reference, 2.1). */
export type EventType =
  | { readonly kind: PlainEventType }
  | { readonly kind: 'Push'; readonly force: boolean; readonly commits: number }
  | { readonly kind: 'ReviewSubmitted'; readonly verdict: ReviewVerdict }
  | { readonly kind: 'AccessGranted'; readonly permission: string }
  | { readonly kind: 'Login'; readonly method: string }
  | { readonly kind: 'LoginFailed'; readonly reason: string }
  | { readonly kind: 'AgentAction'; readonly action: string; readonly reasoning: string | undefined }
  | { readonly kind: 'AgentAuthorized'; readonly scope: readonly string[] }
  | { readonly kind: 'ConsentGiven'; readonly purpose: string }
  | { readonly kind: 'ConsentRevoked'; readonly purpose: string }
  | { readonly kind: 'ConfigChanged'; readonly key: string }
  | { readonly kind: 'ReleasePublished'; readonly version: string }
  | { readonly kind: 'SecurityScan'; readonly findings: number }
  | { readonly kind: 'AgentAccountability'; readonly eventLabel: string; readonly summary: string }
  | { readonly kind: 'Custom'; readonly name: string };

/** The types without values. */
export type PlainEventType =
  | 'RepoCreated' | 'RepoDeleted' | 'RepoTransferred' | 'RepoVisibilityChanged' | 'BranchCreated' | 'BranchDeleted' | 'BranchProtectionChanged' | 'TagCreated'
  | 'TagDeleted' | 'PullRequestOpened' | 'PullRequestMerged' | 'PullRequestClosed' | 'IssueOpened' | 'IssueClosed' | 'AccessRevoked' | 'Logout' | 'MfaConfigured'
  | 'AgentRevoked' | 'DataExportRequested' | 'DataExportCompleted' | 'DataDeletionRequested' | 'DataDeletionCompleted' | 'BackupCreated';

const plain = {};

export const eventType: Codec<EventType> = kinds<EventType>({
  RepoCreated: plain,
  RepoDeleted: plain,
  RepoTransferred: plain,
  RepoVisibilityChanged: plain,
  Push: { force: bool, commits: u32 },
  BranchCreated: plain,
  BranchDeleted: plain,
  BranchProtectionChanged: plain,
  TagCreated: plain,
  TagDeleted: plain,
  PullRequestOpened: plain,
  PullRequestMerged: plain,
  PullRequestClosed: plain,
  ReviewSubmitted: { verdict: names<ReviewVerdict>('Approved', 'ChangesRequested', 'Commented') },
  IssueOpened: plain,
  IssueClosed: plain,
  AccessGranted: { permission: text },
  AccessRevoked: plain,
  Login: { method: text },
  Logout: plain,
  LoginFailed: { reason: text },
  MfaConfigured: plain,
  AgentAction: { action: text, reasoning: option(text) },
  AgentAuthorized: { scope: list(text) },
  AgentRevoked: plain,
  DataExportRequested: plain,
  DataExportCompleted: plain,
  DataDeletionRequested: plain,
  DataDeletionCompleted: plain,
  ConsentGiven: { purpose: text },
  ConsentRevoked: { purpose: text },
  ConfigChanged: { key: text },
  ReleasePublished: { version: text },
  BackupCreated: plain,
  SecurityScan: { findings: u32 },
  AgentAccountability: { eventLabel: text, summary: text },
  Custom: { name: text },
});
