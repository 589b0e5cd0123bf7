import { PROOF_FAULTS } from '../../devnet/proof-faults.ts';
import type { BlockErrorCode } from '../../src/chains/albatross/chain/rules/codes.ts';

/** The situation in which the client meets a fault: what the liar does, and how the fault reaches the client. */
export type Scene =
  /** The liar has the fault before the client connects. */
  | 'join'
  /** Announced on top of the head, before any honest peer has announced that height: a micro block, a checkpoint, an election block. */
  | 'micro-gossip'
  | 'checkpoint-gossip'
  | 'election-gossip'
  /** In an answer to `RequestMissingBlocks`: the liar announces the block after the faulty one. */
  | 'micro-reply'
  | 'checkpoint-reply'
  /**
   * The honest block's hash with another validator list. Announced as in `election-gossip`, and last, because after it the client
   * takes the honest block.
   */
  | 'election-list'
  /**
   * Announced when the chain already has the honest block of that height; the checkpoint is then the macro head. Gossip delivers
   * the same bytes only once, so the faults differ from those before.
   */
  | 'micro-late'
  | 'checkpoint-late'
  /** A skip block in place of the last micro block of a batch; the honest macro block follows. */
  | 'skip'
  /** The liar announces a block four above the head, and the client requests the blocks between from it. */
  | 'missing-blocks'
  /** Announcements in addition to the honest ones. */
  | 'announce'
  /** The liar is ahead by final blocks. The client requests its macro chain, and the blocks by hash: `RequestBlock` and `pushMacro`. */
  | 'catch-up-checkpoint'
  | 'catch-up-election'
  | 'catch-up-chain'
  /**
   * The client asks the liar for its election block before it knows any other: `pushElectionOnTrust`. `pico-late`: the liar
   * connects alone, after the liars of `pico`.
   */
  | 'pico'
  | 'pico-late'
  /** A chain that differs from that of three honest witnesses. */
  | 'contested'
  /** The liar serves a history of two epochs and a batch to a client at genesis. Two thirds of the validators signed its last block. */
  | 'history';

/** A row of the table "which checks run where" and a column: Albatross block reference, 5.7. */
export type Check =
  | 'known'
  | 'ignored'
  | 'orphan'
  | 'strip-body'
  | 'intrinsic'
  | 'direct-successor'
  | 'macro-successor'
  | 'proposer'
  | 'justification'
  | 'fork-detection';
export type Way = 'push' | 'pushMacro' | 'pushElectionOnTrust';

/** The sign that a fault without a ban has reached the client. */
export type Sign =
  /** The client reported this rule, without blame. */
  | { readonly rejected: BlockErrorCode }
  /** The client logged this code about the peer. */
  | { readonly noted: string }
  /** The client asked the liar, and got this answer. */
  | { readonly asked: string; readonly outcome: string }
  /** The client dropped the peer. */
  | { readonly dropped: string }
  /** The state that the sync gives the peer, with its reason. */
  | { readonly state: string; readonly reason?: string }
  /** The client adopted the faulty block, which breaks no rule that applies there. */
  | { readonly adopted: true }
  /** The liar is a witness of the anchor. */
  | { readonly witness: true }
  /** There is no sign, except that the client goes on. */
  | { readonly nothing: true };

export type Outcome = { readonly ban: string } | { readonly spared: Sign };

export interface FaultRow {
  /** A fault of the devnet. */
  readonly fault: string;
  readonly scene: Scene;
  readonly expect: Outcome;
  readonly covers?: `${Check}/${Way}`;
  /** Why this result is right, where it is not obvious. */
  readonly why?: string;
}

const ban = (scene: Scene, rows: Readonly<Record<string, string>>, covers?: FaultRow['covers']): FaultRow[] =>
  Object.entries(rows).map(([fault, code]) => ({ fault, scene, expect: { ban: code }, ...(covers ? { covers } : {}) }));
const spared = (scene: Scene, fault: string, sign: Sign, why: string, covers?: FaultRow['covers']): FaultRow => ({ fault, scene, expect: { spared: sign }, why, ...(covers ? { covers } : {}) });

const otherClock = 'our clock may be the wrong one';
const ourAge = 'we may be too old; only several peers can say so';
const otherChain = 'does not follow from our macro head, which says nothing about who is right';

/** Rules that apply to every kind of block. */
const ofAnyBlock = { 'block-type': 'wrong-block-type', 'network-id': 'wrong-network', 'version-zero': 'version-too-low', 'extra-data': 'extra-data-too-long', 'seed-point': 'seed-not-a-point' };
const ofAnyList = {
  'validators-empty': 'wrong-slot-total', 'validators-slots': 'wrong-slot-total',
  'validators-key': 'invalid-voting-key', 'validators-subgroup': 'invalid-voting-key', 'validators-infinity': 'invalid-voting-key',
};
const ofJustification = {
  justification: 'invalid-justification', 'too-few-signers': 'too-few-signers', 'infinity-signature': 'infinity-aggregate-key',
  'other-signers': 'invalid-justification', 'vote-round': 'invalid-justification', 'vote-order': 'invalid-justification',
};

const noSlot = 'official nodes pass on what strangers add to the signers: it is no form of ours, and costs rank';

/**
 * The faults of the devnet, each with the situation in which the client meets it and the result. The rows of a scene run in this
 * order, each with a new liar.
 */
export const faultTable: readonly FaultRow[] = [
  // push, announced: micro blocks
  ...ban('micro-gossip', ofAnyBlock, 'intrinsic/push'),
  ...ban('micro-gossip', { number: 'wrong-block-number', 'timestamp-past': 'timestamp-before-parent', 'version-step': 'version-step', 'skip-timestamp': 'wrong-skip-timestamp', 'skip-seed': 'wrong-skip-seed' }, 'direct-successor/push'),
  ...ban('micro-gossip', { seed: 'invalid-seed', 'seed-key': 'invalid-seed', signature: 'invalid-signature', 'wrong-signer': 'invalid-signature' }, 'proposer/push'),
  ...ban('micro-gossip', { 'skip-extra-data': 'skip-block-extra-data' }, 'intrinsic/push'),
  ...ban('micro-gossip', {
    'skip-proof': 'invalid-skip-proof', 'skip-other-signers': 'invalid-skip-proof', 'skip-message': 'invalid-skip-proof', 'skip-too-few-signers': 'too-few-signers',
  }, 'justification/push'),
  spared('micro-gossip', 'skip-signer-512', { nothing: true }, noSlot),
  spared('micro-gossip', 'version', { rejected: 'unsupported-version' }, ourAge),
  spared('micro-gossip', 'timestamp-future', { rejected: 'timestamp-too-far-ahead' }, otherClock),
  spared('micro-gossip', 'parent', { noted: 'peer-other-chain' }, 'an orphan that leaves the chain at its macro head: the peer is asked anew where it stands', 'orphan/push'),
  ...ban('micro-late', { signature: 'invalid-signature' }, 'known/push'),
  ...ban('micro-late', { seed: 'invalid-seed' }),
  ...ban('micro-reply', { 'missing-justification': 'missing-signature' }, 'proposer/push'),

  // push, announced: checkpoints
  ...ban('checkpoint-gossip', { ...ofAnyBlock, 'validators-present': 'unexpected-validators', 'punished-set': 'punished-slot-out-of-range', 'interlink-present': 'unexpected-interlink' }, 'intrinsic/push'),
  ...ban('checkpoint-gossip', { 'timestamp-past': 'timestamp-before-parent', 'version-step': 'version-step' }, 'direct-successor/push'),
  ...ban('checkpoint-gossip', { seed: 'invalid-seed', 'seed-key': 'invalid-seed' }, 'proposer/push'),
  ...ban('checkpoint-gossip', ofJustification, 'justification/push'),
  spared('checkpoint-gossip', 'signer-512', { nothing: true }, noSlot),
  spared('checkpoint-gossip', 'version', { rejected: 'unsupported-version' }, ourAge),
  spared('checkpoint-gossip', 'timestamp-future', { rejected: 'timestamp-too-far-ahead' }, otherClock),
  spared('checkpoint-gossip', 'parent', { asked: 'missing-blocks', outcome: 'TargetHashNotFound' }, 'an orphan: nothing of it can be checked before its parent is there', 'orphan/push'),
  spared('checkpoint-gossip', 'parent-election', { rejected: 'wrong-parent-election-hash' }, otherChain, 'macro-successor/push'),
  spared('skip', 'skip-moved', { adopted: true }, 'version 1 proofs do not cover the state root; the next macro block puts it right'),
  ...ban('checkpoint-reply', { 'missing-justification': 'missing-justification' }, 'justification/push'),
  ...ban('checkpoint-late', { 'vote-version': 'invalid-justification' }, 'known/push'),
  spared('checkpoint-late', 'parent-election', { nothing: true }, 'at or below the macro head nothing is looked at any more', 'ignored/push'),

  // Answers to missing blocks
  ...ban('missing-blocks', {
    'unlinked-blocks': 'missing-blocks-unlinked', 'short-blocks': 'missing-blocks-end-nowhere', 'early-blocks': 'missing-blocks-off-locators', 'too-many-blocks': 'too-large', truncated: 'malformed',
  }),
  ...ban('missing-blocks', { 'with-bodies': 'too-large' }, 'strip-body/push'),
  spared('missing-blocks', 'empty-blocks', { asked: 'missing-blocks', outcome: 'ok' }, 'an honest peer can have left that branch'),
  spared('missing-blocks', 'stall-block', { asked: 'missing-blocks', outcome: 'stall' }, 'silence proves nothing; the next peer is asked'),
  spared('missing-blocks', 'rate-limited', { asked: 'missing-blocks', outcome: 'rate-limited' }, 'its limits are its own'),

  // Faults that show without a look at blocks
  ...ban('join', { garbage: 'malformed', oversized: 'too-large' }),
  spared('join', 'stall', { dropped: 'no-usable-answer' }, 'silence proves nothing'),
  spared('join', 'no-receiver', { dropped: 'no-usable-answer' }, 'it may be another kind of node'),
  spared('join', 'head-lie', { dropped: 'no-usable-answer' }, 'a head is only said; the block that would prove the lie it does not give'),
  spared('announce', 'mute', { nothing: true }, 'silence proves nothing; head rounds and other peers make up for it'),
  spared('announce', 'freeze', { nothing: true }, 'a peer behind is a peer behind'),
  spared('announce', 'garbage', { nothing: true }, 'gossip that does not decode costs its score: a peer may pass on what it does not read'),
  spared('announce', 'flood', { asked: 'missing-blocks', outcome: 'TargetHashNotFound' }, 'nothing can be shown of blocks without parents; it loses rank, and is asked less and less'),
  spared('skip', 'skip', { adopted: true }, 'breaks no rule, and a skip block wins; the next macro block puts it right'),

  // push, announced: election blocks
  ...ban('election-gossip', { ...ofAnyBlock, ...ofAnyList, 'validators-missing': 'missing-validators', 'punished-set': 'punished-slot-out-of-range', interlink: 'missing-interlink' }, 'intrinsic/push'),
  ...ban('election-gossip', { 'timestamp-past': 'timestamp-before-parent', 'macro-jump': 'wrong-block-number' }, 'direct-successor/push'),
  ...ban('election-gossip', { seed: 'invalid-seed', 'seed-key': 'invalid-seed' }, 'proposer/push'),
  ...ban('election-gossip', { justification: 'invalid-justification', 'too-few-signers': 'too-few-signers', 'infinity-signature': 'infinity-aggregate-key' }, 'justification/push'),
  spared('election-gossip', 'signer-512', { nothing: true }, noSlot),
  spared('election-gossip', 'version', { rejected: 'unsupported-version' }, ourAge),
  spared('election-gossip', 'timestamp-future', { rejected: 'timestamp-too-far-ahead' }, otherClock),
  spared('election-gossip', 'parent-election', { rejected: 'wrong-parent-election-hash' }, otherChain, 'macro-successor/push'),
  ...ban('election-list', { 'validators-gap': 'slot-bands-not-contiguous' }),

  // pushMacro
  ...ban('catch-up-checkpoint', {
    'network-id': 'wrong-network', 'version-zero': 'version-too-low', 'extra-data': 'extra-data-too-long', 'seed-point': 'seed-not-a-point',
    'punished-set': 'punished-slot-out-of-range', 'interlink-present': 'unexpected-interlink',
  }, 'intrinsic/pushMacro'),
  spared('catch-up-checkpoint', 'validators-present', { dropped: 'nothing-to-give' }, 'the devnet takes it for an election block, out of place, and ends its macro chain before it'),
  ...ban('catch-up-checkpoint', { 'version-step': 'macro-version-step' }, 'macro-successor/pushMacro'),
  ...ban('catch-up-checkpoint', { 'missing-justification': 'missing-justification', justification: 'invalid-justification', 'too-few-signers': 'too-few-signers', 'infinity-signature': 'infinity-aggregate-key' }, 'justification/pushMacro'),
  spared('catch-up-checkpoint', 'version', { asked: 'block', outcome: 'ok' }, ourAge),
  spared('catch-up-checkpoint', 'timestamp-future', { asked: 'block', outcome: 'ok' }, otherClock),
  spared('catch-up-checkpoint', 'parent-election', { asked: 'block', outcome: 'ok' }, otherChain, 'macro-successor/pushMacro'),
  ...ban('catch-up-election', {
    'validators-missing': 'missing-validators', 'validators-slots': 'wrong-slot-total', 'validators-gap': 'slot-bands-not-contiguous', 'validators-key': 'invalid-voting-key', interlink: 'missing-interlink',
  }, 'intrinsic/pushMacro'),
  ...ban('catch-up-election', { 'timestamp-past': 'timestamp-before-macro-head' }, 'macro-successor/pushMacro'),
  ...ban('catch-up-election', { 'macro-jump': 'wrong-height', 'block-type': 'not-macro' }),
  ...ban('catch-up-election', { 'other-signers': 'invalid-justification', 'vote-order': 'invalid-justification' }, 'justification/pushMacro'),
  ...ban('catch-up-chain', { 'too-many-epochs': 'too-large', 'wrong-checkpoint': 'impossible-checkpoint', 'wrong-block': 'wrong-block' }),
  spared('catch-up-chain', 'unknown-locators', { dropped: 'unknown-anchor' }, 'that it does not know our blocks is no lie that could be shown'),
  spared('catch-up-chain', 'not-found', { asked: 'block', outcome: 'TargetHashNotFound' }, 'it may have pruned the block'),
  spared('catch-up-chain', 'epochs-unknown', { asked: 'block', outcome: 'TargetHashNotFound' }, 'that a block does not exist cannot be shown'),

  // pushElectionOnTrust
  ...ban('pico', { 'network-id': 'wrong-network', 'version-zero': 'version-too-low', 'extra-data': 'extra-data-too-long', 'seed-point': 'seed-not-a-point', ...ofAnyList, 'validators-gap': 'slot-bands-not-contiguous', 'punished-set': 'punished-slot-out-of-range', interlink: 'missing-interlink' }, 'intrinsic/pushElectionOnTrust'),
  ...ban('pico', { 'block-type': 'not-macro', 'validators-missing': 'not-election', 'macro-jump': 'wrong-height' }),
  spared('pico', 'version', { state: 'outdated', reason: 'unusable-election-block' }, ourAge),
  spared('pico', 'timestamp-future', { state: 'outdated', reason: 'unusable-election-block' }, otherClock),
  spared('pico-late', 'justification', { witness: true }, 'nothing is proven of a block taken on trust: its hash is what the witnesses stand for', 'justification/pushElectionOnTrust'),

  // A whole false chain
  ...ban('contested', { 'poisoned-validators': 'validators-differ', 'forged-election': 'other-final-block' }),
  ...ban('history', { 'epochs-gap': 'wrong-height', 'infinity-key': 'infinity-aggregate-key' }),
];

/** Faults of the devnet that this table's client does not meet, with the place where they are tested. */
export const faultsWithoutCase: Readonly<Record<string, string>> = {
  lie: 'a whole chain of its own: `liars.test.ts`',
  ...Object.fromEntries(
    ['zkp-none', 'zkp-stale', 'zkp-forged', 'zkp-short', 'zkp-empty', 'zkp-no-block', 'zkp-number', 'zkp-other-block', 'zkp-other-genesis'].map((fault) => [fault, 'a lie about a proof, not about a block: `proof.test.ts`']),
  ),
  ...Object.fromEntries(Object.keys(PROOF_FAULTS).map((fault) => [fault, 'a lie about accounts or transactions, not about a block: `devnet/peer-faults.test.ts`, and the official client in `test/judge/accounts.test.ts`'])),
};

/** Cells of table 5.7 that say "no" or that no liar can cause, with the place where the honest case tests them. */
export const cellsWithoutFault: Readonly<Partial<Record<`${Check}/${Way}`, string>>> = {
  'known/pushMacro': 'what is held is not asked for',
  'known/pushElectionOnTrust': 'done once, on a chain at genesis',
  'ignored/pushMacro': 'what is at or below the macro head is not asked for',
  'ignored/pushElectionOnTrust': 'done once, on a chain at genesis',
  'orphan/pushMacro': 'no: scenes `catch-up-…` end with a checkpoint whose parent the client never had',
  'orphan/pushElectionOnTrust': 'no: scene `pico` ends with an election block whose parent the client never had',
  'strip-body/pushMacro': 'the asker strips the body of an answer to `RequestBlock` (macro-sync tests)',
  'strip-body/pushElectionOnTrust': 'the same',
  'direct-successor/pushMacro': 'no: scenes `catch-up-…` end with a checkpoint whose parent the client never had',
  'direct-successor/pushElectionOnTrust': 'no: scene `pico` ends with an election block whose parent the client never had',
  'macro-successor/pushElectionOnTrust': 'no: scene `pico` jumps over the first epochs',
  'proposer/pushMacro': 'no: the proposer follows from a predecessor the client never had',
  'proposer/pushElectionOnTrust': 'no: the same',
  'fork-detection/push': 'the case with `devnet.fork`: two micro blocks at one height by one proposer, and nobody is blamed',
  'fork-detection/pushMacro': 'no',
  'fork-detection/pushElectionOnTrust': 'no',
};

/** Codes that no peer can cause over the network, each with the check that catches it earlier. The rules' own tests cover them all. */
export const unreachableCodes: Readonly<Partial<Record<BlockErrorCode, string>>> = {
  'wrong-parent-hash': '`push` finds the predecessor by this hash, so another one is an orphan; only a stored chain can break the rule',
  'not-a-macro-block': '`pushMacro` is only called with macro blocks: the asker calls another one `not-macro`',
  'not-after-macro-head': '`push` and `pushMacro` answer `ignored` first; only a stored chain can break the rule',
  'jumps-over-election-block': 'live: `wrong-block-number` first; catching up: a block of another height than the macro chain gave is `wrong-height` first',
  'signer-out-of-range': 'members that are no slots are dropped from answers, and gossip with them is not read; only a stored chain can break the rule',
  'not-an-election-block': 'before a block is taken on trust the asker and the sync call another one `not-macro` or `not-election`',
};
