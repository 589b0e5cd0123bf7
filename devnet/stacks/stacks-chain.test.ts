import { deserializeTransaction } from '@stacks/transactions';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { checkLink, checkTransactions, tenureStartOf } from '../../src/chains/stacks/chain/block-rules.ts';
import { consensusHashOf } from '../../src/chains/stacks/chain/consensus-hash.ts';
import { isPrepare, positionOf } from '../../src/chains/stacks/chain/cycles.ts';
import { blockId, epoch2BlockId, transactionId } from '../../src/chains/stacks/chain/hash.ts';
import { setOfKeys } from '../../src/chains/stacks/chain/signer-set.ts';
import { verifySigners } from '../../src/chains/stacks/chain/signer-rules.ts';
import { readSignerSet, signerSetKey } from '../../src/chains/stacks/proofs/hand-over.ts';
import { serialisedHex, stateKeyText } from '../../src/chains/stacks/proofs/state-key.ts';
import { readStateValue } from '../../src/chains/stacks/proofs/state-value.ts';
import { blocksOfProof } from '../../src/chains/stacks/proofs/marf-segments.ts';
import { verifyMarfProof } from '../../src/chains/stacks/proofs/verify-marf-proof.ts';
import { decodeBlock } from '../../src/chains/stacks/wire/block.ts';
import { verifyHere } from '../../test/support/verify-here.ts';
import { backFrom, bytesOf, startOf, type DevBlock } from './dev-block.ts';
import { proveKey } from './prove-key.ts';
import { makeHistory } from './stacks-history.ts';
import { StacksChain } from './stacks-chain.ts';
import type { StacksChainOptions } from './stacks-chain-options.ts';

const RULES = { firstBurnHeight: 107, cycleLength: 10, prepareLength: 3 };

function made(options: Partial<StacksChainOptions> = {}, cycles = 3): StacksChain {
  const chain = new StacksChain({ seed: 'test', rules: RULES, signers: 5, epoch4: undefined, genesisTime: 1_700_000_000, run: '', ...options });
  makeHistory(chain, { cycles, blocks: 0 });
  return chain;
}

const chain = made();
const blocks = [...backFrom(chain.main.tip)].toReversed();
const nakamoto = blocks.filter(({ header }) => header);
const setOf = (cycle: number) => setOfKeys(cycle, chain.sets.of(cycle).map(({ key, weight }) => ({ key: fromHex(key.key), weight })));

describe('the chain of a local Stacks network', () => {
  it('has blocks that pass every rule of a light client: bytes, ids, links, transactions, signers of the cycle, miner of the sortition', async () => {
    for (const block of nakamoto) {
      const { header, transactions } = decodeBlock(bytesOf(block));
      expect(blockId(header)).toBe(block.id);
      expect(checkTransactions({ header, transactions })).toBeUndefined();
      expect(block.parent!.header && checkLink(block.parent!.header, header)).toBeUndefined();
      expect(header.consensusHash).toBe(block.tenure.consensusHash);
      const cycle = chain.cycleOf(block.tenure);
      expect(await verifySigners(header, setOf(cycle), verifyHere, { minerKeyHash: block.tenure.winner!.keyHash })).toMatchObject({ ok: true, weight: { total: 100, threshold: 70 } });
    }
    expect(new Set(nakamoto.map(({ header }) => header!.signerSignatures.length)).size).toBeGreaterThan(1);
  });

  it('has tenures that start, end and extend as the protocol says', () => {
    const starts = nakamoto.filter(({ position }) => position === 0);
    expect(starts.length).toBeGreaterThan(15);
    for (const start of starts) {
      const change = tenureStartOf({ header: start.header!, transactions: start.transactions });
      const before = start.parent!;
      expect(change).toMatchObject({ previousTenure: before.tenure.consensusHash, previousTenureBlocks: before.position + 1 });
      // A commitment names the first block of the parent tenure.
      expect(start.tenure.winner).toMatchObject({ committed: startOf(before).id, parentTenure: before.tenure.consensusHash });
    }
    const extensions = nakamoto.flatMap(({ transactions }) => transactions.flatMap(({ tenureChange }) => (tenureChange && tenureChange.cause > 0 ? [tenureChange] : [])));
    expect(extensions.length).toBeGreaterThan(0);
    for (const { tenure, previousTenure, burnView } of extensions) expect([previousTenure, burnView === tenure]).toEqual([tenure, false]);
  });

  it('has consensus hashes that follow from the Bitcoin blocks, and sortitions with a winner, without one, and with one that builds nothing', () => {
    const { sortitions } = chain.main;
    for (const [i, it] of sortitions.entries()) {
      expect(it.burnHeight).toBe(RULES.firstBurnHeight + i);
      expect(consensusHashOf({ burnHeaderHash: it.burnHash, opsHash: it.opsHash, totalBurn: it.totalBurn, poxId: it.poxId }, i, (at) => sortitions[at]!.consensusHash)).toBe(it.consensusHash);
    }
    const tenures = new Set(blocks.map(({ tenure }) => tenure));
    const kinds = new Set(sortitions.slice(13).map((it) => (tenures.has(it) ? 'blocks' : it.winner ? 'nothing' : 'none')));
    expect([...kinds].toSorted()).toEqual(['blocks', 'none', 'nothing']);
  });

  it('writes each set in the first block of the prepare phase, all four entries, provable there with one segment and later with more', () => {
    const roots = new Map(blocks.map(({ id, state }) => [id, state.stateRoot]));
    for (const cycle of [2, 3]) {
      const key = signerSetKey(cycle, { mainnet: false });
      const writing = blocks.find((block) => chain.valueAt(block, key) !== undefined)!;
      expect(isPrepare(writing.burnView.burnHeight, RULES)).toBe(true);
      expect(isPrepare(writing.parent!.burnView.burnHeight, RULES)).toBe(false);
      for (const [block, segments] of [[writing, 1], [blocks[writing.height]!, 2]] as const) {
        const { value, proof } = proveKey(block.state, key)!;
        expect(blocksOfProof(proof).length).toBe(segments - 1);
        expect(verifyMarfProof(proof, { key, value, root: block.state.stateRoot, rootOfBlock: (id) => roots.get(id) })).toMatchObject({ ok: true });
        expect(readSignerSet(cycle, value, { mainnet: false })).toEqual({ ok: true, set: setOf(cycle) });
      }
      const contract = 'ST000000000000000000002AMW42H.signers';
      const variable = (name: string) => readStateValue({ kind: 'variable' }, chain.valueAt(writing, stateKeyText({ kind: 'variable', contract, name }))!);
      expect(variable('last-set-cycle')).toMatchObject({ value: { type: 'uint', value: BigInt(cycle) } });
      expect(variable(`stackerdb-signer-slots-${cycle % 2}`)).toMatchObject({ value: { type: 'list', items: { length: 5 } } });
      const height = stateKeyText({ kind: 'map-entry', contract, name: 'cycle-set-height', key: serialisedHex({ type: 'uint', value: BigInt(cycle) }) });
      expect(readStateValue({ kind: 'map-entry' }, chain.valueAt(writing, height)!)).toMatchObject({ value: { value: BigInt(writing.height) } });
    }
    expect(setOf(2)).not.toEqual(setOf(3));
  });

  it('begins with blocks of epoch 2.x, whose ids follow from header and consensus hash', () => {
    const older = blocks.filter(({ epoch2 }) => epoch2);
    expect(older).toHaveLength(5);
    for (const { epoch2, tenure, id, hash } of older) {
      expect(epoch2BlockId(epoch2!, tenure.consensusHash)).toBe(id);
      expect(tenure.winner!.committed).toBe(hash);
    }
    expect(nakamoto[0]!.parentId).toBe(older.at(-1)!.id);
    expect(positionOf(nakamoto[0]!.tenure.burnHeight, RULES)).toBe(2);
  });

  it('has transactions that another implementation reads, with the same ids and good signatures', () => {
    const kinds = new Set<string>();
    for (const { bytes, kind } of nakamoto.flatMap(({ transactions }) => transactions)) {
      const read = deserializeTransaction(toHex(bytes));
      expect(read.txid()).toBe(transactionId(bytes));
      expect(toHex(read.serializeBytes())).toBe(toHex(bytes));
      expect(() => read.verifyOrigin()).not.toThrow();
      kinds.add(kind);
    }
    expect([...kinds].toSorted()).toEqual(['contract-call', 'nakamoto-coinbase', 'tenure-change', 'token-transfer']);
  });

  it('follows from the seed; other rules, another time or run have another first block', () => {
    const tip = (options: Partial<StacksChainOptions>) => made(options, 1);
    const again = tip({});
    expect(again.main.tip.id).toBe(tip({}).main.tip.id);
    expect(chain.blocks.has(again.main.tip.id)).toBe(true);
    const others = [{ seed: 'other' }, { run: '1' }, { genesisTime: 1_700_000_001 }, { signers: 6 }, { epoch4: 140 }].map((options) => tip(options).lastEpoch2.id);
    expect(new Set([again.lastEpoch2.id, ...others]).size).toBe(6);
  });

  it('headers have version 1 from Epoch 4.0 on, by the sortition of their tenure', async () => {
    const chain4 = made({ epoch4: 120 }, 1);
    chain4.addSortition(chain4.main);
    const versions: Record<number, Set<number>> = {};
    for (const block of backFrom(chain4.extend(chain4.main))) if (block.header) (versions[block.tenure.burnHeight >= 120 ? 1 : 0] ??= new Set()).add(block.header.version);
    expect(versions).toEqual({ 0: new Set([0]), 1: new Set([1]) });
    const { header } = chain4.main.tip;
    expect(await verifySigners(header!, setOf(1), verifyHere)).toMatchObject({ ok: true });
    expect(decodeBlock(bytesOf(chain4.main.tip)).header).toEqual(header);
  });

  it('no Bitcoin block may leave the next set unwritten; a tenure that goes on past the boundary keeps its set', async () => {
    const lazy = made({}, 1);
    const to = (position: number) => {
      while (positionOf(lazy.main.sortitions.at(-1)!.burnHeight, RULES) !== position) lazy.addEmptySortition(lazy.main, false);
    };
    to(8);
    expect(() => lazy.addEmptySortition(lazy.main, true)).toThrow(expect.objectContaining({ code: 'impossible' }));
    lazy.extend(lazy.main);
    lazy.addEmptySortition(lazy.main, true);
    // The running tenure goes on past the boundary, with the set of its own cycle.
    lazy.addEmptySortition(lazy.main, false);
    const block = lazy.extend(lazy.main);
    expect([lazy.cycleOf(block.burnView), lazy.cycleOf(block.tenure)]).toEqual([2, 1]);
    expect(await verifySigners(block.header!, setOf(1), verifyHere)).toMatchObject({ ok: true });
  });
});

const inTenure = (block: DevBlock) => block.tenure.consensusHash;

describe('branches', () => {
  it('a tenure beside others has another parent tenure, and its blocks pass the rules', async () => {
    const branch = chain.branchOff(chain.main, 2);
    const from = branch.tip;
    const start = chain.startTenure(branch);
    expect(start.parent).toBe(from);
    expect(inTenure(start)).not.toBe(inTenure(chain.main.tip));
    expect(start.height).toBeLessThanOrEqual(chain.main.tip.height);
    expect(await verifySigners(start.header!, setOf(chain.cycleOf(start.tenure)), verifyHere)).toMatchObject({ ok: true });
    expect(() => chain.branchOff(chain.main, 500)).toThrow(expect.objectContaining({ code: 'impossible' }));
  });

  it('other Bitcoin blocks of the same heights have other consensus hashes', () => {
    const branch = chain.cutBitcoin(chain.main, 3);
    const length = branch.sortitions.length;
    chain.startTenure(branch);
    expect(branch.sortitions[length]!.burnHeight).toBe(chain.main.sortitions[length]!.burnHeight);
    expect(branch.sortitions[length]!.consensusHash).not.toBe(chain.main.sortitions[length]!.consensusHash);
    expect(() => chain.cutBitcoin(chain.main, 30)).toThrow(expect.objectContaining({ code: 'impossible' }));
  });
});
