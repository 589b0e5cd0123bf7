/**
 * Test data: for every codec of this room an arbitrary of its values, by module and exported name. A test fails when an exported
 * codec is missing here. Not part of any build.
 * @module
 */
import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Answer } from '../../src/base/postcard/codec.ts';
import { compareBytes, toHex } from '../../src/base/bytes.ts';
import type { Account, Staker, StakingValidator, Tombstone } from '../../src/chains/albatross/wire/accounts.ts';
import type { AddressNotification } from '../../src/chains/albatross/wire/gossip.ts';
import type { DiscoveryMessage, PeerContact, SignedPeerContact } from '../../src/chains/albatross/wire/discovery.ts';
import type { EquivocationLocator, HistoricEvent, HistoricTransaction, HistoryTreeProof } from '../../src/chains/albatross/wire/history.ts';
import type { ErrorEra } from '../../src/chains/albatross/wire/proof-requests.ts';
import type { ProofRefusal } from '../../src/chains/albatross/wire/proof-refusal.ts';
import type { Head, MacroChain, RequestBody, RequestKind, ResponseBody, ZkProof } from '../../src/chains/albatross/wire/requests.ts';
import type { KeyNibbles, TrieProof, TrieProofNode, TrieValue } from '../../src/chains/albatross/wire/trie.ts';
import type {
  BitSet, Block, BlockBodyMessage, BlockHeaderMessage, EquivocationProof, ExecutedTransaction, MacroBlock, MacroBody, MacroHeader, MicroBlock, MicroBody,
  MicroHeader, MicroJustification, MultiSignature, RewardTransaction, TendermintProof, Transaction, Validator,
} from '../../src/chains/albatross/wire/types.ts';

const raw = (length: number): Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const upTo = (length: number): Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: length });
const maybe = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const few = <T>(value: Arbitrary<T>, maxLength = 4): Arbitrary<T[]> => fc.array(value, { maxLength });
/** Half of the values are close to the bounds and to the values where a varint's length changes. */
const number = (max: number): Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 0, max }), fc.constantFrom(...[0, 127, 128, 16_383, 16_384, 0xffff_ffff, 2 ** 49, max - 1, max].filter((edge) => edge <= max)));
const byte = number(0xff);
const u16 = number(0xffff);
const u32 = number(0xffff_ffff);
const u64 = number(Number.MAX_SAFE_INTEGER);
const u64big = fc.oneof(
  fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
  fc.constantFrom(0n, 127n, 128n, 2n ** 49n - 1n, 2n ** 49n, 2n ** 63n, 2n ** 64n - 1n),
);
const hash = raw(32).map(toHex);
const address = raw(20);
const signature = raw(64);

const bitSet: Arbitrary<BitSet> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ words: few(u64big, 9) }) },
  { weight: 1, arbitrary: fc.record({ words: fc.array(u64big, { minLength: 64, maxLength: 64 }), zeroWords: fc.integer({ min: 1, max: 200 }) }) },
);
const validator: Arbitrary<Validator> = fc.record({ address, votingKey: raw(285), signingKey: raw(32), slots: fc.record({ start: u16, end: u16 }) });
const headerBase = {
  network: byte, version: u16, blockNumber: u32, timestamp: u64, parentHash: hash, seed: raw(96), extraData: upTo(40),
  stateRoot: hash, bodyRoot: hash, diffRoot: hash, historyRoot: hash,
};
const microHeader: Arbitrary<MicroHeader> = fc.record(headerBase);
const macroHeader: Arbitrary<MacroHeader> = fc.record({
  ...headerBase, round: u32, parentElectionHash: hash, interlink: maybe(few(hash)), validators: maybe(few(validator, 3)), nextBatchInitialPunishedSet: bitSet,
});
/** Without trailing zero words, because decoding removes them. */
const signers: Arbitrary<BitSet> = bitSet.map(({ words }) => ({ words: words.slice(0, words.slice(0, 8).findLastIndex((word) => word !== 0n) + 1) }));
const multiSignature: Arbitrary<MultiSignature> = fc.record({ signature: raw(95), signers });
const tendermintProof: Arbitrary<TendermintProof> = fc.record({ round: u32, sig: multiSignature });
const microJustification: Arbitrary<MicroJustification> = fc.oneof(
  fc.record({ type: fc.constant('micro' as const), signature }),
  fc.record({ type: fc.constant('skip' as const), proof: multiSignature }),
);
const rewardTransaction: Arbitrary<RewardTransaction> = fc.record({ validatorAddress: address, recipient: address, value: u64 });
const macroBody: Arbitrary<MacroBody> = fc.record({ transactions: few(rewardTransaction) });

const webauthn = fc.record({ originJson: upTo(40), hasCrossOriginField: fc.boolean(), clientDataExtraJson: upTo(40), authenticatorDataSuffix: upTo(40) });
const basicTransaction: Arbitrary<Transaction> = fc.tuple(fc.boolean(), fc.boolean()).chain(([es256, withWebauthn]) =>
  fc.record({
    type: fc.constant('basic' as const),
    proofFlags: fc.constant((es256 ? 1 : 0) + (withWebauthn ? 0x10 : 0)),
    senderPublicKey: raw(es256 ? 33 : 32),
    recipient: address,
    value: u64,
    fee: u64,
    validityStartHeight: u32,
    network: byte,
    signature,
    webauthn: withWebauthn ? webauthn : fc.constant(undefined),
  }),
);
const extendedTransaction: Arbitrary<Transaction> = fc.record({
  type: fc.constant('extended' as const), sender: address, senderType: byte, senderData: upTo(3), recipient: address, recipientType: byte,
  recipientData: upTo(140), value: u64, fee: u64, validityStartHeight: u32, network: byte, flags: byte, proof: upTo(140),
});
const transaction: Arbitrary<Transaction> = fc.oneof(basicTransaction, extendedTransaction);
const executedTransaction: Arbitrary<ExecutedTransaction> = fc.record({ succeeded: fc.boolean(), transaction });

const equivocationProof: Arbitrary<EquivocationProof> = fc.oneof(
  fc.record({
    type: fc.constant('fork' as const), validator: address, header1: microHeader, header2: microHeader, signature1: signature, signature2: signature,
  }),
  fc.record({
    type: fc.constant('double-proposal' as const), validator: address, header1: macroHeader, header2: macroHeader, signature1: signature, signature2: signature,
  }),
  fc.record({
    type: fc.constant('double-vote' as const), validator: address, vote: fc.record({ network: byte, blockNumber: u32, round: u32, step: byte }),
    hash1: maybe(hash), hash2: maybe(hash),
    signature1: raw(95), signature2: raw(95), signers1: bitSet, signers2: bitSet,
  }),
);
const microBody: Arbitrary<MicroBody> = fc.record({ equivocationProofs: few(equivocationProof, 2), transactions: few(executedTransaction, 3) });
const macroBlock: Arbitrary<MacroBlock> = fc.record({
  type: fc.constant('macro' as const), header: macroHeader, body: maybe(macroBody), justification: maybe(tendermintProof),
});
const microBlock: Arbitrary<MicroBlock> = fc.record({
  type: fc.constant('micro' as const), header: microHeader, justification: maybe(microJustification), body: maybe(microBody),
});
const block: Arbitrary<Block> = fc.oneof(macroBlock, microBlock);
const blockHeaderMessage: Arbitrary<BlockHeaderMessage> = fc.oneof(
  fc.record({ type: fc.constant('macro' as const), header: macroHeader, justification: tendermintProof }),
  fc.record({ type: fc.constant('micro' as const), header: microHeader, justification: microJustification }),
);
const blockBodyMessage: Arbitrary<BlockBodyMessage> = fc.record({
  headerHash: hash,
  body: fc.oneof(fc.record({ type: fc.constant('micro' as const), body: microBody }), fc.record({ type: fc.constant('macro' as const), body: macroBody })),
});

const peerContact: Arbitrary<PeerContact> = fc.record({
  addresses: few(upTo(60)), publicKey: raw(32), services: u32, validatorInfo: maybe(fc.record({ validatorAddress: address, signature })), timestamp: u64,
});
const signedPeerContact: Arbitrary<SignedPeerContact> = fc.record({ contact: peerContact, signature });
const discoveryMessage: Arbitrary<DiscoveryMessage> = fc.oneof(
  fc.record({ type: fc.constant('handshake' as const), observedAddress: upTo(60), challengeNonce: raw(32), genesisHash: hash, limit: u16, services: u32 }),
  fc.record({
    type: fc.constant('handshake-ack' as const), peerContact: signedPeerContact, responseSignature: signature, updateInterval: maybe(u64),
    peerContacts: few(signedPeerContact),
  }),
  fc.record({ type: fc.constant('peer-addresses' as const), peerContacts: few(signedPeerContact) }),
);

const zkProof: Arbitrary<ZkProof> = fc.record({ blockNumber: u32, proof: maybe(upTo(500)) });
const addressNotification: Arbitrary<AddressNotification> = fc.record({
  event: fc.constant('blockchain-extend' as const), receipts: few(fc.record({ transactionHash: hash, blockNumber: u32 })),
});
const macroChain: Arbitrary<MacroChain> = fc.record({ epochs: few(hash), checkpoint: maybe(fc.record({ blockNumber: u32, hash })) });
const head: Arbitrary<Head> = fc.record({ blockNumber: u32, blockHash: hash, macroHash: hash, electionHash: hash });

function answer<T>(value: Arbitrary<T>, ...errors: string[]): Arbitrary<Answer<T>> {
  return fc.oneof(fc.record({ ok: fc.constant(true as const), value }), fc.record({ ok: fc.constant(false as const), error: fc.constantFrom(...errors) }));
}

const equivocationLocator: Arbitrary<EquivocationLocator> = fc.oneof(
  fc.record({ type: fc.constant('fork' as const), validator: address, blockNumber: u32 }),
  fc.record({ type: fc.constant('double-proposal' as const), validator: address, blockNumber: u32, round: u32 }),
  fc.record({ type: fc.constant('double-vote' as const), validator: address, blockNumber: u32, round: u32, step: byte }),
);
const slotRange = fc.record({ start: u16, end: u16 });
const historicEvent: Arbitrary<HistoricEvent> = fc.oneof(
  fc.record({ type: fc.constant('basic' as const), executed: executedTransaction }),
  fc.record({ type: fc.constant('reward' as const), validatorAddress: address, rewardAddress: address, value: u64 }),
  fc.record({ type: fc.constant('penalize' as const), validatorAddress: address, slot: u16, offenseBlockNumber: u32 }),
  fc.record({ type: fc.constant('jail' as const), validatorAddress: address, slots: slotRange, offenseBlockNumber: u32, newEpochSlots: maybe(slotRange) }),
  fc.record({ type: fc.constant('equivocation' as const), locator: equivocationLocator }),
);
const historicTransaction: Arbitrary<HistoricTransaction> = fc.record({ network: byte, blockNumber: u32, blockTime: u64, event: historicEvent });
const historyTreeProof: Arbitrary<HistoryTreeProof> = fc.record({ mmrSize: u64, nodes: few(hash), positions: few(u64), history: few(historicTransaction, 3) });

const keyNibbles: Arbitrary<KeyNibbles> = fc.tuple(raw(41).map(toHex), fc.integer({ min: 0, max: 82 })).map(([digits, length]) => digits.slice(0, length));
const trieValue: Arbitrary<TrieValue> = fc.oneof(
  fc.record({ type: fc.constant('none' as const) }),
  fc.record({ type: fc.constant('leaf' as const), value: upTo(140) }),
  fc.record({ type: fc.constant('hybrid-hash' as const), hash }),
  fc.record({ type: fc.constant('hybrid-value' as const), value: upTo(140) }),
);
const trieProofNode: Arbitrary<TrieProofNode> = fc.record({
  key: keyNibbles, value: trieValue, children: fc.array(maybe(fc.record({ suffix: keyNibbles, hash })), { minLength: 16, maxLength: 16 }),
});
const trieProof: Arbitrary<TrieProof> = fc.record({ nodes: few(trieProofNode, 3), missingProvenBy: few(fc.record({ key: keyNibbles, provenBy: keyNibbles })) });

const byAddress = <T extends { readonly address: Uint8Array }>(items: readonly T[]): T[] => items.toSorted((a, b) => compareBytes(a.address, b.address));
const uniqueAddresses = <T extends { readonly address: Uint8Array }>(item: Arbitrary<T>): Arbitrary<T[]> =>
  fc.uniqueArray(item, { maxLength: 4, selector: (each) => toHex(each.address) }).map(byAddress);
const account: Arbitrary<Account> = fc.oneof(
  fc.record({ type: fc.constant('basic' as const), balance: u64 }),
  fc.record({ type: fc.constant('vesting' as const), balance: u64, owner: address, startTime: u64, timeStep: u64, stepAmount: u64, totalAmount: u64 }),
  fc.constantFrom('blake2b' as const, 'sha256' as const, 'sha512' as const).chain((hashAlgorithm) =>
    fc.record({
      type: fc.constant('htlc' as const), balance: u64, sender: address, recipient: address, hashAlgorithm: fc.constant(hashAlgorithm),
      hashRoot: raw(hashAlgorithm === 'sha512' ? 64 : 32), hashCount: byte, timeout: u64, totalAmount: u64,
    }),
  ),
  fc.record({
    type: fc.constant('staking' as const), balance: u64,
    activeValidators: uniqueAddresses(fc.record({ address, stake: u64 })),
    currentBatchPunishedSlots: uniqueAddresses(fc.record({ address, slots: fc.uniqueArray(u16, { maxLength: 4 }).map((slots) => slots.toSorted((a, b) => a - b)) })),
    previousBatchPunishedSlots: bitSet,
  }),
);
const stakingValidator: Arbitrary<StakingValidator> = fc.record({
  address, signingKey: raw(32), votingKey: raw(285), rewardAddress: address, signalData: maybe(hash), totalStake: u64, deposit: u64, stakerCount: u64,
  inactiveFrom: maybe(u32), jailedFrom: maybe(u32), retired: fc.boolean(),
});
const staker: Arbitrary<Staker> = fc.record({
  address, activeBalance: u64, inactiveBalance: u64, inactiveFrom: maybe(u32), retiredBalance: u64, delegation: maybe(address),
});
const tombstone: Arbitrary<Tombstone> = fc.record({ remainingStake: u64, remainingStakerCount: u64 });

/** Each refusal with its number of heights. */
function proofAnswer<T>(value: Arbitrary<T>, refusals: Readonly<Record<string, number>>): Arbitrary<Answer<T, ProofRefusal>> {
  const refusal = fc.constantFrom(...Object.entries(refusals)).chain(([name, count]) => fc.record({ name: fc.constant(name), heights: fc.array(u32, { minLength: count, maxLength: count }) }));
  return fc.oneof(fc.record({ ok: fc.constant(true as const), value }), fc.record({ ok: fc.constant(false as const), error: refusal }));
}

interface ExchangeArbitraries<K extends RequestKind> {
  readonly request: Arbitrary<RequestBody<K>>;
  readonly response: Arbitrary<ResponseBody<K>>;
}

type ProofKind = 'transactions-proof' | 'receipts' | 'trie-proof' | 'blocks-proof';

const proofExchanges = (era: ErrorEra): { readonly [K in ProofKind]: ExchangeArbitraries<K> } => ({
  'transactions-proof': {
    request: fc.record({ hashes: few(hash), blockNumber: maybe(u32) }),
    response: proofAnswer(fc.record({ proof: historyTreeProof, block }), {
      NoTransactionsProvided: 0, RequestedTxnProofFromFuture: 2, RequestedTxnProofFromFinalizedEpoch: 1, RequestedTxnProofFromFinalizedBatch: 1, CouldntProveInclusion: 0, TransactionNotFound: 0, Other: 0,
      ...(era === '2.x' ? { TooManyTransactionsProvided: 0, BlockNotFound: 1 } : { BlockNotFound: 0 }),
    }),
  },
  receipts: {
    request: fc.record({ address, max: maybe(u16), startAt: maybe(hash) }),
    response: fc.record({ receipts: few(fc.record({ transactionHash: hash, blockNumber: u32 })) }),
  },
  'trie-proof': {
    request: fc.record({ keys: few(keyNibbles) }),
    response: proofAnswer(fc.record({ proof: trieProof, blockHash: hash }), { IncompleteTrie: 0, Other: 0, ...(era === '2.x' ? { EmptyKeys: 0, TooManyKeys: 0, DuplicateKeys: 0 } : {}) }),
  },
  'blocks-proof': {
    request: fc.record({ electionHead: u32, blocks: few(u32) }),
    response: proofAnswer(fc.record({ proof: fc.record({ proof: few(macroBlock, 2) }) }), { BadBlockNumber: 1, Other: 0, ...(era === '2.x' ? { TooManyBlocks: 0 } : {}) }),
  },
});

const mempoolExchanges: { readonly [K in 'mempool-hashes' | 'mempool-transactions']: ExchangeArbitraries<K> } = {
  'mempool-hashes': { request: fc.record({ transactionType: fc.constantFrom('control' as const, 'regular' as const) }), response: fc.record({ hashes: few(hash) }) },
  'mempool-transactions': { request: fc.record({ hashes: few(hash) }), response: fc.record({ transactions: few(transaction, 3) }) },
};

/** Request and response of every kind. */
export const exchangeArbitraries: {
  readonly [K in RequestKind]: ExchangeArbitraries<K>
} = {
  'macro-chain': { request: fc.record({ locators: few(hash), maxEpochs: u16 }), response: answer(macroChain, 'UnknownLocators', 'TooManyLocators', 'Other') },
  block: { request: fc.record({ hash, includeBody: fc.boolean() }), response: answer(block, 'TargetHashNotFound', 'ResponseHashMismatch', 'Other') },
  'missing-blocks': {
    request: fc.record({ targetHash: hash, includeBody: fc.boolean(), locators: few(hash), direction: fc.constantFrom('forward', 'backward') }),
    response: answer(
      fc.record({ blocks: few(block, 3) }),
      'TargetBlockNotOnMainChain', 'TargetHashNotFound', 'UnknownLocators', 'TooManyLocators', 'FailedToGetBlocks', 'Other',
    ),
  },
  head: { request: fc.constant({}), response: head },
  zkp: {
    request: fc.record({ blockNumber: u32, requestElectionBlock: fc.boolean() }),
    response: fc.oneof(
      fc.record({ type: fc.constant('proof' as const), proof: zkProof, block: maybe(macroBlock) }),
      fc.record({ type: fc.constant('outdated' as const), blockNumber: u32 }),
    ),
  },
  subscribe: {
    request: fc.record({ operation: fc.constantFrom('subscribe', 'unsubscribe'), addresses: few(address) }),
    response: answer(fc.constant(undefined), 'TooManyPeers', 'TooManyAddresses', 'InvalidOperation', 'Other'),
  },
  ...proofExchanges('2.x'),
  ...mempoolExchanges,
};

/** Keyed `module:export`, or `module:table:key` for the codecs in a table. */
export const arbitraries: Readonly<Record<string, Arbitrary<unknown>>> = {
  'postcard/codec:u8': byte,
  'postcard/codec:u16': u16,
  'postcard/codec:u32': u32,
  'postcard/codec:u64': u64,
  'postcard/codec:u64big': u64big,
  'postcard/codec:u32be': u32,
  'postcard/codec:coin': u64,
  'postcard/codec:bool': fc.boolean(),
  'postcard/codec:hash32': hash,
  'transactions:webauthnFields': webauthn,
  'transactions:transaction': transaction,
  'transactions:executedTransaction': executedTransaction,
  'blocks:bitSet': bitSet,
  'blocks:validator': validator,
  'blocks:microHeader': microHeader,
  'blocks:macroHeader': macroHeader,
  'blocks:multiSignature': multiSignature,
  'blocks:tendermintProof': tendermintProof,
  'blocks:microJustification': microJustification,
  'blocks:rewardTransaction': rewardTransaction,
  'blocks:macroBody': macroBody,
  'blocks:equivocationProof': equivocationProof,
  'blocks:microBody': microBody,
  'blocks:macroBlock': macroBlock,
  'blocks:microBlock': microBlock,
  'blocks:block': block,
  'blocks:bareBlock': block.map((value) => ({ ...value, body: undefined })),
  'blocks:blockHeaderMessage': blockHeaderMessage,
  'blocks:blockBodyMessage': blockBodyMessage,
  'requests:zkProof': zkProof,
  ...Object.fromEntries(
    Object.entries(exchangeArbitraries).flatMap(([kind, exchange]): [string, Arbitrary<unknown>][] => [
      [`requests:requests:${kind}:request`, exchange.request],
      [`requests:requests:${kind}:response`, exchange.response],
    ]),
  ),
  'history:historicEvent': historicEvent,
  'history:historicTransaction': historicTransaction,
  'history:historyTreeProof': historyTreeProof,
  'trie:keyNibbles': keyNibbles,
  'trie:trieProofNode': trieProofNode,
  'trie:trieProof': trieProof,
  'accounts:account': account,
  'accounts:stakingValidator': stakingValidator,
  'accounts:staker': staker,
  'accounts:tombstone': tombstone,
  ...Object.fromEntries(
    (['1.0', '2.x'] as const).flatMap((era) =>
      Object.entries(proofExchanges(era)).flatMap(([kind, exchange]): [string, Arbitrary<unknown>][] => [
        [`proof-requests:proofRequests:${era}:${kind}:request`, exchange.request],
        [`proof-requests:proofRequests:${era}:${kind}:response`, exchange.response],
      ]),
    ),
  ),
  ...Object.fromEntries(
    Object.entries(mempoolExchanges).flatMap(([kind, exchange]): [string, Arbitrary<unknown>][] => [
      [`mempool-requests:mempoolRequests:${kind}:request`, exchange.request],
      [`mempool-requests:mempoolRequests:${kind}:response`, exchange.response],
    ]),
  ),
  'gossip:addressNotification': addressNotification,
  'gossip:gossipTopics:block-header': blockHeaderMessage,
  'gossip:gossipTopics:block-body': blockBodyMessage,
  'gossip:gossipTopics:regular-transaction': transaction,
  'gossip:gossipTopics:control-transaction': transaction,
  'gossip:gossipTopics:address-subscription': addressNotification,
  'gossip:gossipTopics:zk-proof': zkProof,
  'discovery:peerContact': peerContact,
  'discovery:signedPeerContact': signedPeerContact,
  'discovery:discoveryMessage': discoveryMessage,
};
