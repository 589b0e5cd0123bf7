import { fromHex } from '../../src/base/bytes.ts';
import { decode } from '../../src/base/postcard/codec.ts';
import type { FiledStatement, FiledStep, ProofFile } from '../../src/chains/albatross/proof-file/proof-file.ts';
import { emptyHistoryRoot, macroVoteHash } from '../../src/chains/albatross/chain/hashes.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { buildTrie, proveTrie } from '../../src/chains/albatross/proofs/build-trie.ts';
import { proveHistory } from '../../src/chains/albatross/proofs/history-tree.ts';
import { accountKey, readTrieKey, stakerKey, stakingContractAddress, validatorKey } from '../../src/chains/albatross/proofs/trie-keys.ts';
import { block as blockCodec } from '../../src/chains/albatross/wire/blocks.ts';
import { historicTransaction } from '../../src/chains/albatross/wire/history.ts';
import type { MacroBlock, MacroHeader } from '../../src/chains/albatross/wire/types.ts';
import { simulateProof } from '../../devnet/trapdoor.ts';
import { seededRandom } from '../../devnet/seeded-random.ts';
import { unitTrapdoor } from '../../devnet/unit-trapdoor.ts';
import { genesisLink, type Link, makeChain, makeMacro, makeMicro, makeSkip } from './chain-maker.ts';
import { recording } from './node-recordings.ts';
import { walletTrie } from './wallet-proofs.ts';

export interface Sample {
  readonly name: string;
  readonly file: ProofFile;
}

const genesisHash = unitAlbatross.genesisHash;
const wallet = walletTrie();
const trie = buildTrie(wallet.entries.map(([key, value]) => [key, fromHex(value)] as const));
/** An address of which the trie has nothing. */
const nobody = fromHex('77'.repeat(20));

function addressOf(type: 'account' | 'staker' | 'validator', at = 0): Uint8Array {
  const found = wallet.entries.flatMap(([key]) => {
    const read = readTrieKey(key);
    return read?.type === type ? [read.address] : [];
  });
  return found[at] ?? nobody;
}

const account = (address: Uint8Array): FiledStatement => ({ type: 'account', address, proof: proveTrie(trie, [accountKey(address)]) });
const staker = (address: Uint8Array): FiledStatement => ({ type: 'staker', address, proof: proveTrie(trie, [stakerKey(address)]) });
const validator = (address: Uint8Array): FiledStatement => ({ type: 'validator', address, proof: proveTrie(trie, [validatorKey(address)]) });

/** A block with its justification, as a step. */
export function signedStep({ header, justification }: MacroBlock): FiledStep {
  if (!justification) throw new Error('no justification');
  return { type: 'signed', header, justification };
}

/** A block that is named, as a step. */
export function namedStep({ block }: Pick<Link, 'block'>): FiledStep {
  return block.type === 'macro' ? { type: 'macro', header: block.header } : { type: 'micro', header: block.header };
}

/** An election block without the blocks before it, which light clients do not need. */
function electionAfter(parent: Link<MacroBlock>, change: Partial<MacroHeader> = {}): Link<MacroBlock> {
  return makeMacro(parent, { blockNumber: parent.height + 128, ...change });
}

/** Files about the wallet's trie on a made chain, whose block version from the first election block on is given. */
function madeSamples(version: 1 | 2): Sample[] {
  const e1 = electionAfter(genesisLink, { version });
  const e2 = electionAfter(e1);
  const e3 = electionAfter(e2, { stateRoot: wallet.stateRoot });
  const e4 = electionAfter(e3);
  const e5 = electionAfter(e4);
  const checkpoint = makeMacro(e3, { blockNumber: e3.height + 32, stateRoot: wallet.stateRoot });
  const proof = simulateProof(
    unitTrapdoor(),
    { genesisHash: macroVoteHash(genesisLink.block.header), finalHash: macroVoteHash(e5.block.header), keysCommitment: fromHex(unitAlbatross.zkp?.keysCommitment ?? '') },
    seededRandom('proof files', `${version}`),
  );
  const zkProof = { type: 'zk-proof', header: e5.block.header, proof } as const;
  const named = { type: 'named', header: e4.block.header, hash: e4.hash } as const;
  const samples: readonly [string, ProofFile['anchor'], readonly FiledStep[], FiledStatement][] = [
    ['account at a checkpoint, from genesis', { type: 'genesis' }, [e1, e2, e3, checkpoint].map(({ block }) => signedStep(block)), account(addressOf('account'))],
    ['staking contract, by a zero-knowledge proof and older election blocks', zkProof, [namedStep(e4), namedStep(e3)], account(stakingContractAddress())],
    ['no account, by a zero-knowledge proof and an older checkpoint', zkProof, [namedStep(e4), namedStep(e3), signedStep(checkpoint.block)], account(nobody)],
    ['staker, from a named block', named, [namedStep(e3)], staker(addressOf('staker'))],
    ['no staker, from a named block', named, [namedStep(e3)], staker(nobody)],
    ['validator, from a named block', named, [namedStep(e3)], validator(addressOf('validator'))],
    ['no validator, from a named block', named, [namedStep(e3)], validator(nobody)],
    ['an old election block, by the interlink of a named one', named, [namedStep(e2)], { type: 'block', hash: e2.hash }],
    ['the block of a zero-knowledge proof', zkProof, [], { type: 'block', hash: e5.hash }],
  ];
  return samples.map(([name, anchor, steps, statement]) => ({ name: `version ${version}: ${name}`, file: { genesisHash, anchor, steps, statement } }));
}

/** Files that stand on micro blocks, a skip block among them, and on the genesis block. */
function firstBatchSamples(): Sample[] {
  const before = makeChain(genesisLink, 228).at(-1) ?? genesisLink;
  const micro = makeMicro(before, { stateRoot: wallet.stateRoot, historyRoot: emptyHistoryRoot });
  const skip = makeSkip(micro);
  const last = makeMicro(skip);
  const checkpoint = makeMacro(last);
  const steps = [signedStep(checkpoint.block), ...[last, skip, micro].map(namedStep)];
  const anchor = { type: 'genesis' } as const;
  return [
    { name: 'contract at a micro block below a skip block', file: { genesisHash, anchor, steps, statement: account(addressOf('account', 3)) } },
    { name: 'a skip block', file: { genesisHash, anchor, steps: steps.slice(0, 3), statement: { type: 'block', hash: skip.hash } } },
    { name: 'genesis', file: { genesisHash, anchor, steps: [], statement: { type: 'block', hash: genesisHash } } },
    { name: 'genesis, from a later block', file: { genesisHash, anchor, steps: [signedStep(electionAfter(genesisLink).block), namedStep(genesisLink)], statement: { type: 'block', hash: genesisHash } } },
  ];
}

/** Files about what a real node's chain holds: its blocks, and entries of its history. */
function recordedSamples(): Sample[] {
  const blocks = new Map(recording('blocks').blocks.map(({ height, hash, header }) => [height, { hash, block: decode(blockCodec, fromHex(header), { form: 'held' }) }] as const));
  const leaves = recording('history-leaves');
  const at = (height: number) => {
    const found = blocks.get(height);
    if (!found) throw new Error(`no block ${height}`);
    return found;
  };
  const signed = (height: number): FiledStep => signedStep(at(height).block as MacroBlock);
  const down = (from: number, to: number): FiledStep[] => Array.from({ length: from - to }, (_, n) => namedStep(at(from - 1 - n)));
  const transaction = (epoch: number, height: number, position: number): FiledStatement => {
    const inTree = (leaves[`epoch ${epoch}`] ?? []).filter((leaf) => leaf.height <= height);
    const leaf = inTree[position];
    if (!leaf) throw new Error(`no leaf ${position}`);
    return { type: 'transaction', hash: leaf.txHash, proof: { ...proveHistory(inTree.map(({ leafHash }) => leafHash), [position]), history: [decode(historicTransaction, fromHex(leaf.bytes))] } };
  };
  const isPlain = (bytes: string): boolean => ['basic', 'reward'].includes(decode(historicTransaction, fromHex(bytes)).event.type);
  const plain = (epoch: number, height: number): number[] => (leaves[`epoch ${epoch}`] ?? []).filter((leaf) => leaf.height <= height).flatMap(({ bytes }, position) => (isPlain(bytes) ? [position] : []));
  const samples: [string, readonly FiledStep[], FiledStatement][] = [
    ['micro block 470', [signed(328), signed(456), signed(488), ...down(488, 470)], { type: 'block', hash: at(470).hash }],
    ['checkpoint 232', [signed(232)], { type: 'block', hash: at(232).hash }],
  ];
  for (const [epoch, height] of [[1, 328], [2, 456], [3, 488], [3, 480]] as const) {
    const steps = [328, 456].filter((election) => election <= height).map(signed);
    if (height > 456) steps.push(signed(488), ...down(488, height));
    for (const position of plain(epoch, height)) samples.push([`entry ${position} of epoch ${epoch} at ${height}`, steps, transaction(epoch, height, position)]);
  }
  return samples.map(([name, steps, statement]) => ({ name: `recorded: ${name}`, file: { genesisHash, anchor: { type: 'genesis' }, steps, statement } }));
}

/** Proof files of all kinds. Making them takes some seconds. */
export function proofFileSamples(): readonly Sample[] {
  return [...firstBatchSamples(), ...madeSamples(1), ...madeSamples(2), ...recordedSamples()];
}
