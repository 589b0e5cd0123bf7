import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedIf, someBits, withFlippedBit } from '../../../../test/support/decoded-if.ts';
import { recording } from '../../../../test/support/node-recordings.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { walletProofs } from '../../../../test/support/wallet-proofs.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import { emptyHistoryRoot } from '../chain/hashes.ts';
import { policyWith } from '../chain/policy.ts';
import { requestMessage, responseMessage } from '../wire/exchange.ts';
import { historyTreeProof } from '../wire/history.ts';
import type { HistoricTransaction, HistoryTreeProof } from '../wire/history.ts';
import { proofRequests } from '../wire/proof-requests.ts';
import type { Block } from '../wire/types.ts';
import { nodeCount, peaksOf } from './history-peaks.ts';
import { bagged, historyRoot, joined, leafHash, proveHistory } from './history-tree.ts';
import type { Subtree } from './history-tree.ts';
import { ProofError } from './proof-error.ts';
import { provenEvents } from './proven-events.ts';
import type { HistoryQuestion } from './proven-events.ts';
import { verifyHistoryProof } from './verify-history-proof.ts';

const policy = policyWith({ genesisNumber: 200, blocksPerBatch: 32, batchesPerEpoch: 4 });

interface Case {
  readonly name: string;
  readonly proof: HistoryTreeProof;
  readonly header: Block['header'];
  readonly question: HistoryQuestion;
}

function caseOf(name: string, { request, response }: { readonly request: string; readonly response: string }, heights: ReadonlyMap<string, number>): Case {
  const exchange = proofRequests['1.0']['transactions-proof'];
  const answer = decode(responseMessage(exchange), fromHex(response));
  if (!answer.ok || !answer.value.ok) throw new Error('refused');
  const { proof, block } = answer.value.value;
  const { hashes } = decode(requestMessage(exchange), fromHex(request));
  return { name, proof, header: block.header, question: { asked: new Map(hashes.map((hash) => [hash, heights.get(hash)])), networkId: 7, policy } };
}

const { proofs } = recording('transactions-proofs');
const node = proofs.map((each, index) => caseOf(`node ${index}, ${each.what}`, each, new Map(each.transactions.map(({ hash, height }) => [hash, height]))));
const { transactions, byHash } = walletProofs().history;
const told = transactions.accepted as readonly { readonly transactionHash: string; readonly blockHeight: number }[];
const wallet = [caseOf('wallet, many', transactions, new Map(told.map(({ transactionHash, blockHeight }) => [transactionHash, blockHeight]))), caseOf('wallet, by hash', byHash, new Map())];
/** Without a height this node proved an older transaction by another one. */
const isOther = ({ name }: Case): boolean => name === 'node 7, finished epoch, no block number given';
const recorded = [...node, ...wallet];

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ProofError) return error.code;
    throw error;
  }
}
const refusal = (proof: HistoryTreeProof, root: string): string | undefined => codeOf(() => verifyHistoryProof(proof, root));

describe.each(recorded.map((each) => [each.name, each] as const))('A4: %s', (_, { proof, header }) => {
  const root = header.historyRoot;

  it('leads to the root', () => {
    expect(verifyHistoryProof(proof, root)).toEqual(proof.history.map((entry, at) => ({ entry, position: proof.positions[at] })));
  });

  it('is refused with one flipped bit', () => {
    const bytes = encode(historyTreeProof, proof);
    for (const bit of someBits(bytes, 120)) {
      const damaged = decodedIf(historyTreeProof, withFlippedBit(bytes, bit));
      expect(damaged === undefined ? 'undecodable' : refusal(damaged, root)).toBeTypeOf('string');
    }
  });

  it('is refused with two hashes or entries swapped, one left out, or one too many', () => {
    const { nodes, history, positions } = proof;
    for (const [at, hash] of nodes.entries()) {
      const next = (at + 1) % nodes.length;
      const swapped = nodes.with(at, nodes[next] ?? '').with(next, hash);
      expect(refusal({ ...proof, nodes: nodes.length === 1 ? nodes.with(0, root) : swapped }, root)).toBe('wrong-history-root');
      // With one hash less than peaks, the last one stands for several.
      expect(refusal({ ...proof, nodes: nodes.toSpliced(at, 1) }, root)).toMatch(/^(?:missing-hashes|wrong-history-root)$/u);
      expect(refusal({ ...proof, nodes: nodes.toSpliced(at, 0, hash) }, root)).toMatch(/^(?:unused-hashes|wrong-history-root)$/u);
    }
    for (const [at, entry] of history.entries()) {
      const other = history[(at + 1) % history.length];
      const swapped = history.with(at, other ?? entry).with((at + 1) % history.length, entry);
      expect(refusal({ ...proof, history: history.length === 1 ? [{ ...entry, blockTime: entry.blockTime + 1 }] : swapped }, root)).toBe('wrong-history-root');
      expect(refusal({ ...proof, history: history.toSpliced(at, 1), positions: positions.toSpliced(at, 1) }, root)).toBeTypeOf('string');
    }
  });

  it("is refused with another proof's entries, and for another block", () => {
    for (const other of recorded) {
      expect(refusal(proof, other.header.historyRoot)).toBe(other.header.historyRoot === root ? undefined : 'wrong-history-root');
      const { positions, history } = other.proof;
      // A later tree of the same epoch has the same entries at the same positions.
      const isEqual = isDeepStrictEqual([positions, history], [proof.positions, proof.history]);
      expect(typeof refusal({ ...proof, positions, history }, root)).toBe(isEqual ? 'undefined' : 'string');
    }
  });
});

describe('answers', () => {
  it.each(recorded.filter((each) => !isOther(each)).map((each) => [each.name, each] as const))('are what was asked for: %s', (_, { proof, header, question }) => {
    const events = provenEvents(proof, header, question);
    expect(new Set(events.map(({ hash }) => hash))).toEqual(new Set(question.asked.keys()));
    expect(events.map(({ entry }) => entry)).toEqual(proof.history);
    expect(events.map(({ position }) => position)).toEqual(proof.positions);
    expect(provenEvents(proof, header, { ...question, timeAt: (height) => proof.history.find(({ blockNumber }) => blockNumber === height)?.blockTime })).toEqual(events);
  });

  it("are refused with another transaction's proof", () => {
    for (const { proof, header, question } of recorded.filter(isOther)) expect(codeOf(() => provenEvents(proof, header, question))).toBe('not-asked');
    const [first, second] = node;
    if (!first || !second) throw new Error('no proofs');
    expect(codeOf(() => provenEvents(first.proof, first.header, second.question))).toBe('not-asked');
  });

  const [one] = node;
  if (!one) throw new Error('no proofs');
  const [hash = ''] = one.question.asked.keys();
  const { blockNumber, blockTime } = one.proof.history[0] as HistoricTransaction;

  it.each<readonly [string, Partial<HistoryQuestion>]>([
    ['wrong-network', { networkId: 6 }],
    ['wrong-height', { asked: new Map([[hash, blockNumber + 1]]) }],
    ['wrong-time', { timeAt: () => blockTime + 1 }],
    ['wrong-epoch', { policy: policyWith({ genesisNumber: 200, blocksPerBatch: 32, batchesPerEpoch: 2 }) }],
  ])('%s', (code, change) => {
    expect(codeOf(() => provenEvents(one.proof, one.header, { ...one.question, ...change }))).toBe(code);
  });

  it('an entry above the proving block is refused', () => {
    const header = { ...one.header, blockNumber: blockNumber - 1 };
    expect(codeOf(() => provenEvents(one.proof, header, one.question))).toBe('wrong-height');
  });

  it('the genesis block proves what is older than the chain', () => {
    const entry = { ...(one.proof.history[0] as HistoricTransaction), blockNumber: 150 };
    const proof = { ...proveHistory([leafHash(entry)], [0]), history: [entry] };
    const header = { ...one.header, blockNumber: 200, historyRoot: historyRoot([leafHash(entry)]) };
    expect(provenEvents(proof, header, { ...one.question, asked: new Map([[hash, 150]]) })).toEqual([{ hash, entry, position: 0 }]);
  });
});

describe('every refusal', () => {
  const [many] = wallet;
  if (!many) throw new Error('no proofs');
  const { history } = many.proof;
  const hashes = history.map(leafHash);
  const root = historyRoot(hashes);
  const proven = (positions: readonly number[]): HistoryTreeProof => ({ ...proveHistory(hashes, positions), history: positions.map((at) => history[at] as HistoricTransaction) });
  const good = proven([1, 4]);

  it.each<readonly [string, Partial<HistoryTreeProof>]>([
    ['bad-tree-size', { mmrSize: 2 }],
    ['bad-tree-size', { mmrSize: Number.MAX_SAFE_INTEGER - 1 }],
    ['leaf-count', { positions: [1] }],
    ['leaf-count', { history: [] }],
    ['duplicate-position', { positions: [1, 1] }],
    ['position-out-of-tree', { positions: [1, history.length] }],
    ['missing-hashes', { nodes: [] }],
    ['unused-hashes', { nodes: [...good.nodes, ...['00', '11'].map((byte) => byte.repeat(32))] }],
    ['wrong-history-root', { positions: [4, 1] }],
  ])('%s', (code, change) => expect(refusal({ ...good, ...change }, root)).toBe(code));

  it('has its counterpart that is accepted', () => {
    expect(refusal(good, root)).toBe(undefined);
    expect(refusal(proven([4, 1]), root)).toBe(undefined);
    // Nothing is proven, and nothing is wrong.
    expect(verifyHistoryProof({ mmrSize: 0, nodes: [], positions: [], history: [] }, emptyHistoryRoot)).toEqual([]);
    expect(refusal({ mmrSize: 0, nodes: [root], positions: [], history: [] }, emptyHistoryRoot)).toBe('unused-hashes');
  });

  it('takes the peaks to the right one by one too', () => {
    // 11 leaves: peaks of 8, 2 and 1.
    const eleven = hashes.slice(0, 11);
    expect(eleven).toHaveLength(11);
    const pair = joined({ hash: eleven[8] ?? '', leaves: 1 }, { hash: eleven[9] ?? '', leaves: 1 });
    const last: Subtree = { hash: eleven[10] ?? '', leaves: 1 };
    const proof = { ...proveHistory(eleven, [2]), history: [history[2] as HistoricTransaction] };
    expect(proof.nodes.at(-1)).toBe(bagged([pair, last]));
    const one = { ...proof, nodes: [...proof.nodes.slice(0, -1), pair.hash, last.hash] };
    for (const each of [proof, one]) expect(refusal(each, historyRoot(eleven))).toBe(undefined);
    expect(refusal({ ...one, nodes: [...proof.nodes.slice(0, -1), last.hash, pair.hash] }, historyRoot(eleven))).toBe('wrong-history-root');
  });
});

describe('random trees', () => {
  const entry = (at: number): HistoricTransaction => ({
    network: 7, blockNumber: at, blockTime: at, event: { type: 'reward', validatorAddress: new Uint8Array(20), rewardAddress: new Uint8Array(20), value: at },
  });
  const entries = Array.from({ length: 70 }, (_, at) => entry(at));
  const hashes = entries.map(leafHash);
  const world = fc.integer({ min: 1, max: 70 }).chain((size) => fc.record({ size: fc.constant(size), positions: fc.uniqueArray(fc.nat(size - 1), { minLength: 1, maxLength: 8 }) }));
  const proven = (size: number, positions: readonly number[]): HistoryTreeProof => ({ ...proveHistory(hashes.slice(0, size), positions), history: positions.map((at) => entry(at)) });

  it('have the peaks that their node counts tell', () => {
    for (let leaves = 0; leaves < 300; leaves += 1) {
      const peaks = peaksOf(leaves);
      expect(peaks.reduce((sum, peak) => sum + peak.leaves, 0)).toBe(leaves);
      expect(nodeCount(leaves)).toBe(peaks.reduce((sum, peak) => sum + 2 * peak.leaves - 1, 0));
    }
  });

  it('give proofs of one leaf and of several', () => {
    fc.assert(
      fc.property(world, ({ size, positions }) => {
        expect(verifyHistoryProof(proven(size, positions), historyRoot(hashes.slice(0, size)))).toEqual(positions.map((position) => ({ position, entry: entry(position) })));
      }),
      runs(100, 20_000),
    );
  });

  it('never prove another entry when a proof is changed', () => {
    const change = fc.record({ kind: fc.constantFrom('bit', 'drop', 'repeat', 'swap', 'move', 'grow'), at: fc.nat(), to: fc.nat() });
    fc.assert(
      fc.property(world, fc.array(change, { minLength: 1, maxLength: 3 }), ({ size, positions }, changes) => {
        const root = historyRoot(hashes.slice(0, size));
        let proof = proven(size, positions);
        for (const { kind, at, to } of changes) {
          const { nodes } = proof;
          const node = nodes[at % nodes.length] ?? root;
          if (kind === 'drop') proof = { ...proof, nodes: nodes.toSpliced(at % (nodes.length + 1), 1) };
          else if (kind === 'repeat') proof = { ...proof, nodes: nodes.toSpliced(to % (nodes.length + 1), 0, node) };
          else if (kind === 'swap') proof = { ...proof, nodes: nodes.map((each, place) => (place === to % nodes.length ? node : each)) };
          else if (kind === 'move') proof = { ...proof, positions: proof.positions.with(at % positions.length, to % 70) };
          else if (kind === 'grow') proof = { ...proof, mmrSize: nodeCount(to % 140) };
          else {
            const bytes = encode(historyTreeProof, proof);
            proof = decodedIf(historyTreeProof, withFlippedBit(bytes, at % (8 * bytes.length))) ?? proof;
          }
        }
        // Refused, or every entry is the one at its position.
        const isRefused = refusal(proof, root) !== undefined;
        expect(isRefused ? [] : verifyHistoryProof(proof, root)).toEqual(isRefused ? [] : proof.positions.map((position) => ({ position, entry: entry(position) })));
      }),
      runs(300, 100_000),
    );
  }, longTimeout);
});
