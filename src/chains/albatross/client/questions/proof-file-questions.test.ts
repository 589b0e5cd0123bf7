import { beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../../devnet/seeded-random.ts';
import { simulateProof } from '../../../../../devnet/trapdoor.ts';
import { unitTrapdoor } from '../../../../../devnet/unit-trapdoor.ts';
import { genesisLink, type Link, makeChain, makeMicro, makeSkip, testNow } from '../../../../../test/support/chain-maker.ts';
import { recording } from '../../../../../test/support/node-recordings.ts';
import { verifyNow } from '../../../../../test/support/verify-now.ts';
import { VirtualClock } from '../../../../../test/support/virtual-clock.ts';
import { walletTrie } from '../../../../../test/support/wallet-proofs.ts';
import { fromHex } from '../../../../base/bytes.ts';
import { decode } from '../../../../base/postcard/codec.ts';
import type { Answer } from '../../../../engine/questions.ts';
import { macroVoteHash } from '../../chain/hashes.ts';
import { LightChain } from '../../chain/light-chain.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import { decodeProofFile } from '../../proof-file/proof-file.ts';
import { type ProofFileOptions, verifyProofFile } from '../../proof-file/verify-proof-file.ts';
import { buildTrie, proveTrie } from '../../proofs/build-trie.ts';
import { eventHash } from '../../proofs/event-hash.ts';
import { historyRoot, leafHash, proveHistory } from '../../proofs/history-tree.ts';
import type { ServedProof } from '../../serve/serve.ts';
import { createMemoryStore } from '../../store/memory-store.ts';
import type { SyncNet } from '../../sync/net.ts';
import { historicTransaction } from '../../wire/history.ts';
import { services } from '../../wire/services.ts';
import type { MacroBlock } from '../../wire/types.ts';
import { BlockFinder } from '../block-finder.ts';
import { standingOf } from '../block-views.ts';
import { AccountQuestions } from './account-questions.ts';
import { AddressPeers } from './address-peers.ts';
import { ChainGround } from './chain-ground.ts';
import { HistoryQuestions } from './history-questions.ts';
import { ProofAsker } from './proof-asker.ts';
import { ProofFileQuestions } from './proof-file-questions.ts';

const { entries, stateRoot } = walletTrie();
const trie = buildTrie(entries.map(([key, value]) => [key, fromHex(value)] as const));
const owner = fromHex(entries[0]?.[0] ?? '');

const [leaf] = recording('history-leaves')['epoch 2'] ?? [];
/** A chain whose every block has the wallet's state, and block 470 the entry in its history. */
const first = makeMicro(genesisLink, { stateRoot });
const upTo469 = [first, ...makeChain(first, 469)];
/** An entry of a real node's history, moved into block 468. */
const entry = { ...decode(historicTransaction, fromHex(leaf?.bytes ?? '')), blockNumber: 468, blockTime: upTo469.at(-2)?.block.header.timestamp ?? 0 };
const hash = eventHash(entry);
const leaves = [leafHash(entry)];
const with470 = makeMicro(upTo469.at(-1) ?? first, { historyRoot: historyRoot(leaves) });
const links: readonly Link[] = [...upTo469, with470, ...makeChain(with470, 490)];
const at = (height: number): Link => links[height - 201] ?? genesisLink;
const electionAt = (height: number): MacroBlock => at(height).block as MacroBlock;

let chain: LightChain;
const archive = new Map<string, MacroBlock>();

async function advance(to: number): Promise<void> {
  while (chain.head.height < to) await chain.push(at(chain.head.height + 1).block);
}

beforeEach(async () => {
  chain = new LightChain({ network: unitAlbatross, verify: verifyNow, clock: { now: () => testNow } });
  for (const height of [328, 456]) await chain.pushMacro(at(height).block);
  await advance(470);
  archive.clear();
  for (const height of [328, 456]) archive.set(at(height).hash, electionAt(height));
});

function setup(change: { readonly proves?: () => string; readonly zkProof?: () => ServedProof } = {}) {
  const clock = new VirtualClock();
  const net = {
    peers: () => [{ id: 'a', services: Object.values(services).reduce((all, bit) => all | bit, 0), subnet: 'a', witness: true }],
    request: async (_: string, kind: string, body: { readonly hash?: string; readonly targetHash?: string; readonly keys?: readonly string[] }, options?: { readonly onSent?: () => void }) => {
      options?.onSent?.();
      const index = links.findIndex((link) => link.hash === (body.hash ?? body.targetHash));
      if (kind === 'block') return index < 0 ? { ok: false, error: 'TargetHashNotFound' } : { ok: true, value: links[index]?.block };
      if (kind === 'missing-blocks') return { ok: true, value: { blocks: links.slice(Math.max(0, index - ((index + 1) % 32)), index + 1).map(({ block }) => block) } };
      if (kind === 'trie-proof') return { ok: true, value: { blockHash: change.proves?.() ?? chain.head.hash, proof: proveTrie(trie, body.keys ?? []) } };
      return { ok: true, value: { block: with470.block, proof: { ...proveHistory(leaves, [0]), history: [entry] } } };
    },
  } as unknown as SyncNet;
  const report = () => undefined;
  const asker = new ProofAsker({ clock, net: () => net, report, rank: (ids) => ids });
  const ground = new ChainGround({ chain, clock, standing: () => standingOf(chain, 'proven') });
  const peers = new AddressPeers();
  const finder = new BlockFinder({ chain, clock, store: createMemoryStore({ network: unitAlbatross }), net: () => net, report, rank: (ids) => ids });
  const find = finder.find.bind(finder);
  const history = new HistoryQuestions({ asker, ground, peers, find });
  const questions = new ProofFileQuestions({ asker, ground, peers, history, find, election: (name) => archive.get(name), zkProof: () => change.zkProof?.(), verify: verifyNow });
  return { questions, accounts: new AccountQuestions(asker, ground, peers) };
}

const verified = ({ value }: Answer<Uint8Array>, options: Partial<ProofFileOptions> = {}) => verifyProofFile(decodeProofFile(value), { network: unitAlbatross, verify: verifyNow, ...options });

describe('a proof to take away', () => {
  it('of an account comes when its block is final, and says what the hub says', async () => {
    const { questions, accounts } = setup();
    const asked = questions.value('account', owner, {}, undefined);
    const [said] = await accounts.accounts([owner], {}, undefined);
    await advance(489);
    const answer = await asked;
    expect(answer).toMatchObject({ level: 'proven', finality: 'final', block: { height: 470, hash: with470.hash } });
    expect(await verified(answer)).toMatchObject({ statement: { type: 'account', value: said?.value }, block: { height: 470 }, finalBy: { height: 488, hash: at(488).hash }, restsOn: { kind: 'genesis' }, checked: { signed: 3, named: 18 } });
  });

  it.each(['staker', 'validator'] as const)('of a %s that is not there', async (type) => {
    await advance(488);
    const answer = await setup().questions.value(type, owner.toReversed(), {}, undefined);
    expect(await verified(answer)).toMatchObject({ statement: { type, value: undefined }, block: { height: 488 }, finalBy: { height: 488 }, checked: { signed: 3, named: 0 } });
  });

  it('of a transaction', async () => {
    const asked = setup().questions.transaction(hash, 468, {}, undefined);
    await advance(488);
    const answer = await asked;
    expect(await verified(answer)).toMatchObject({ statement: { type: 'transaction', hash, value: { blockHeight: 468, state: 'confirmed', confirmations: 21 } }, block: { height: 470 }, finalBy: { height: 488 } });
  });

  it.each([
    // In the first epoch, below and at election blocks, in the last batch of an epoch, in the running epoch.
    [200, 200, 0],
    [230, 232, 3],
    [232, 232, 1],
    [300, 328, 29],
    [328, 328, 1],
    [329, 360, 33],
    [424, 424, 2],
    [450, 456, 8],
    [456, 456, 2],
    [488, 488, 3],
  ])('of block %i, final by %i', async (height, final, steps) => {
    await advance(488);
    const { questions } = setup();
    const answer = await questions.block(height, {}, undefined);
    const wanted = height === 200 ? unitAlbatross.genesisHash : at(height).hash;
    expect(await verified(answer)).toMatchObject({ statement: { type: 'block', hash: wanted }, block: { height, hash: wanted }, finalBy: { height: final }, level: 'proven' });
    expect(decodeProofFile(answer.value).steps).toHaveLength(steps);
    expect((await questions.block(wanted, {}, undefined)).value).toEqual(answer.value);
  });

  it('is asked for again when its block was reverted', async () => {
    const skip = makeSkip(at(469));
    const proves = [with470.hash, at(469).hash];
    const asked = setup({ proves: () => proves.shift() ?? '' }).questions.value('account', owner, {}, undefined);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(await chain.push(skip.block)).toMatchObject({ result: 'rebranched' });
    for (const { block } of makeChain(skip, 488)) await chain.push(block);
    expect(await verified(await asked)).toMatchObject({ block: { hash: at(469).hash }, finalBy: { height: 488 } });
    expect(proves).toEqual([]);
  });
});

describe('a file without the way from genesis', () => {
  it('begins with our newest election block, which the file names', async () => {
    archive.delete(at(328).hash);
    await advance(488);
    const answer = await setup().questions.block(488, {}, undefined);
    expect(answer.level).toBe('claimed');
    await expect(verified(answer)).rejects.toMatchObject({ code: 'level-too-low', data: { hash: at(456).hash } });
    expect(await verified(answer, { trusted: [at(456).hash] })).toMatchObject({ level: 'pinned', restsOn: { kind: 'named', height: 456 } });
    await expect(setup().questions.block(488, { minLevel: 'pinned' }, undefined)).rejects.toMatchObject({ code: 'level-too-low', data: { level: 'claimed', wanted: 'pinned' } });
  });

  it('leads to older blocks by the hashes in that one', async () => {
    archive.clear();
    await advance(488);
    for (const [height, steps] of [[424, 2], [456, 0], [300, 29], [230, 5], [200, 2]] as const) {
      const answer = await setup().questions.block(height, {}, undefined);
      expect(await verified(answer, { trusted: [at(456).hash] })).toMatchObject({ block: { height }, restsOn: { kind: 'named', height: 456 } });
      expect([height, decodeProofFile(answer.value).steps.length]).toEqual([height, steps]);
    }
  });

  it('begins with a zero-knowledge proof', async () => {
    await advance(488);
    const header = electionAt(328).header;
    const proof = simulateProof(unitTrapdoor(), { genesisHash: macroVoteHash(genesisLink.block.header), finalHash: macroVoteHash(header), keysCommitment: fromHex(unitAlbatross.zkp?.keysCommitment ?? '') }, seededRandom('files', 'proof'));
    archive.clear();
    archive.set(at(456).hash, electionAt(456));
    archive.set(at(328).hash, { ...electionAt(328), justification: undefined });
    const { questions } = setup({ zkProof: () => ({ message: { blockNumber: 328, proof }, block: electionAt(328) }) });
    const answer = await questions.block(488, {}, undefined);
    expect(await verified(answer)).toMatchObject({ level: 'proven', restsOn: { kind: 'zk-proof', height: 328 }, checked: { signed: 2, named: 0 } });
    const older = await questions.block(230, { minLevel: 'proven' }, undefined);
    expect(await verified(older)).toMatchObject({ level: 'proven', restsOn: { kind: 'zk-proof', height: 328 }, checked: { signed: 1, named: 3 } });
  });

  it('begins with the pinned block', async () => {
    const network = { ...unitAlbatross, pinnedElection: { hash: at(328).hash } };
    chain = new LightChain({ network, verify: verifyNow, clock: { now: () => testNow } });
    for (const height of [328, 456, 488]) await chain.pushMacro(at(height).block);
    archive.set(at(328).hash, { ...electionAt(328), justification: undefined });
    const answer = await setup().questions.block(488, { minLevel: 'pinned' }, undefined);
    expect(answer.level).toBe('pinned');
    expect(await verified(answer, { network })).toMatchObject({ level: 'pinned', restsOn: { kind: 'named', height: 328, pinned: true }, checked: { signed: 2, named: 0 } });
    await expect(verified(answer)).rejects.toMatchObject({ code: 'level-too-low' });
  });
});

describe('is refused:', () => {
  it('a block that is not on the chain', async () => {
    await expect(setup().questions.block('ab'.repeat(32), {}, undefined)).rejects.toMatchObject({ name: 'QuestionError', code: 'no-answer', data: { reason: 'block-not-found' } });
    await expect(setup().questions.block(9999, {}, undefined)).rejects.toMatchObject({ code: 'no-answer' });
  });

  it('with the reason of the signal', async () => {
    const abort = new AbortController();
    const asked = setup().questions.value('account', owner, {}, abort.signal);
    abort.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});
