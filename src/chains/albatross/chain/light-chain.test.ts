import { nothingChecked } from './checked-counts.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import blocks from '../../../../test/vectors/blocks.json' with { type: 'json' };
import version2 from '../../../../test/vectors/version2.json' with { type: 'json' };
import { firstSlots, genesisLink, type Link, linkOf, makeChain, makeMacro, makeMicro, makeSkip, testNow } from '../../../../test/support/chain-maker.ts';
import { verifyNow } from '../../../../test/support/verify-now.ts';
import type { DecodedKey, VerificationJob, Verify } from '../../../crypto/jobs.ts';
import { bitSet, block as blockCodec } from '../wire/blocks.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import type { MacroBlock, MicroJustification } from '../wire/types.ts';
import { blockHash } from './hashes.ts';
import { type ChainChange, LightChain, type LightChainOptions } from './light-chain.ts';
import { unitAlbatross } from './networks/unit-albatross.ts';

/** A chain of one epoch and two blocks, made once. */
const links = makeChain(genesisLink, 330);
const at = (height: number): Link => (height === 200 ? genesisLink : links[height - 201]!);
const macroAt = (height: number) => at(height).block as MacroBlock;
/** A second micro block at the same height as the main one. */
const sibling = (parent: Link, salt = 1) => makeMicro(parent, { stateRoot: '5b'.repeat(32) }, { salt });
/** A macro block that links to the genesis block as its macro parent, for the macro path. */
const macroOn = (parent: Link, height: number, change = {}) => makeMacro({ ...parent, height: height - 1 }, change);

let chain: LightChain;
let changes: ChainChange[];

function newChain(options: Partial<LightChainOptions> = {}): LightChain {
  const made = new LightChain({ network: unitAlbatross, verify: verifyNow, clock: { now: () => testNow }, ...options });
  changes = [];
  made.events.on('change', (change) => changes.push(change));
  return made;
}

async function pushTo(height: number): Promise<void> {
  for (let next = chain.head.height + 1; next <= height; next += 1) expect((await chain.push(at(next).block)).result).toBe('extended');
}

/** A verifier that waits: `asked` resolves when it has a job, and `goOn` lets the job run. */
function heldVerify() {
  let onAsked = () => {};
  let goOn = () => {};
  const asked = new Promise<void>((resolve) => (onAsked = resolve));
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const verify: Verify = async (job) => {
    onAsked();
    await gate;
    return verifyNow(job);
  };
  return { verify, asked, goOn };
}

const heights = (change: ChainChange | undefined) => [change?.kind, change?.reverted.map(({ height }) => height), change?.adopted.map(({ height }) => height)];

beforeEach(() => {
  chain = newChain();
});

describe('a live chain', () => {
  it('starts at the genesis block', () => {
    expect(chain.head).toBe(chain.genesis);
    expect(chain.genesis).toMatchObject({ height: 200, hash: unitAlbatross.genesisHash, kind: 'election', mainChain: true });
    expect([chain.macroHead, chain.electionHead]).toEqual([chain.genesis, chain.genesis]);
    expect(chain.validators).toHaveLength(1);
    expect(chain.electionHash(200)).toBe(unitAlbatross.genesisHash);
    expect(chain.checked).toEqual(nothingChecked);
  });

  it('accepts the real blocks 201 and 232', async () => {
    const micro = decode(blockCodec, fromHex(blocks.micro201));
    const macro = decode(blockCodec, fromHex(blocks.macro232));
    expect(await chain.push(micro)).toMatchObject({ result: 'extended', adopted: [{ hash: blocks.micro201_hash, kind: 'micro' }] });
    expect(chain.head.block.body).toBeUndefined();
    expect((await chain.push(macro)).result).toBe('orphan');
    expect(await chain.pushMacro(macro)).toMatchObject({ result: 'extended', adopted: [{ hash: blocks.macro232_hash, kind: 'checkpoint' }] });
    expect(chain.macroHead.hash).toBe(blocks.macro232_hash);
  });

  it('follows an epoch through its election block into the next epoch', async () => {
    await pushTo(330);
    expect(chain.head.hash).toBe(at(330).hash);
    expect(chain.electionHead.hash).toBe(at(328).hash);
    expect(chain.macroHead.hash).toBe(at(328).hash);
    expect([chain.electionHash(200), chain.electionHash(328), chain.electionHash(456)]).toEqual([unitAlbatross.genesisHash, at(328).hash, undefined]);
    expect(chain.checked).toEqual({ ...nothingChecked, electionBlocks: 1, checkpoints: 3, microBlocks: 126, justifications: 4 });
    expect(changes.map(({ kind }) => kind).filter((kind) => kind !== 'extended')).toEqual(['finalized', 'finalized', 'finalized', 'epoch-finalized']);
    expect(changes.flatMap(({ adopted }) => adopted.map(({ height }) => height))).toEqual(links.map(({ height }) => height));
    expect(chain.validators).toBe(macroAt(328).header.validators);
    // The chain keeps justifications, because the client serves and stores them.
    expect((chain.electionHead.block).justification).toEqual(macroAt(328).justification);
    // The batch that the last macro block ended is still in memory, the previous one is not.
    expect(chain.blockAt(296)?.hash).toBe(at(296).hash);
    expect(chain.block(at(297).hash)?.height).toBe(297);
    expect(chain.blockAt(295)).toBeUndefined();
    expect(chain.has(at(295).hash)).toBe(false);
    expect(chain.has(unitAlbatross.genesisHash)).toBe(true);
  });

  it('answers known, ignored and orphan before all other checks', async () => {
    let jobs = 0;
    chain = newChain({ verify: (job) => ((jobs += 1), verifyNow(job)) });
    await pushTo(234);
    jobs = 0;
    expect((await chain.push(at(234).block)).result).toBe('known');
    expect((await chain.push(genesisLink.block)).result).toBe('known');
    expect((await chain.pushMacro(at(232).block)).result).toBe('known');
    // Blocks at or below the macro head are always ignored.
    expect((await chain.push(sibling(at(200)).block)).result).toBe('ignored');
    expect((await chain.push(makeMacro(at(231), { round: 1 }).block)).result).toBe('ignored');
    expect((await chain.pushMacro(makeMacro(at(231), { round: 1 }).block)).result).toBe('ignored');
    expect((await chain.pushElectionOnTrust(makeMacro(at(231), { round: 1 }).block)).result).toBe('ignored');
    expect((await chain.push(at(236).block)).result).toBe('orphan');
    expect(jobs).toBe(0);
  });

  it('gives the reason why it refuses a block, and stays unchanged', async () => {
    await pushTo(201);
    const bad = { ...at(202).block, header: { ...at(202).block.header, stateRoot: '00'.repeat(32) } } as Link['block'];
    expect(await chain.push(bad)).toEqual({ result: 'invalid', code: 'invalid-signature' });
    expect(chain.head.hash).toBe(at(201).hash);
    expect(changes).toHaveLength(1);
  });
});

describe('fork choice', () => {
  it('keeps the first of two equal blocks, and reports that the proposer signed both', async () => {
    await pushTo(201);
    const fork = sibling(genesisLink);
    expect((await chain.push(fork.block)).result).toBe('forked');
    expect(chain.head.hash).toBe(at(201).hash);
    expect(changes.at(-1)).toMatchObject({ kind: 'stored', stored: { hash: fork.hash, mainChain: false }, equivocation: true });
    expect(chain.block(fork.hash)).toMatchObject({ height: 201, mainChain: false });
    expect((await chain.push(fork.block)).result).toBe('known');
  });

  it('switches to the longer branch', async () => {
    await pushTo(202);
    const first = sibling(genesisLink);
    const second = makeMicro(first);
    const third = makeMicro(second);
    expect((await chain.push(first.block)).result).toBe('forked');
    expect((await chain.push(second.block)).result).toBe('forked');
    const checked = chain.checked.microBlocks;
    const result = await chain.push(third.block);
    expect(result).toMatchObject({ result: 'rebranched', reverted: [{ hash: at(201).hash }, { hash: at(202).hash }] });
    expect(result).toMatchObject({ adopted: [{ hash: first.hash }, { hash: second.hash }, { hash: third.hash }] });
    expect(heights(changes.at(-1))).toEqual(['rebranched', [201, 202], [201, 202, 203]]);
    expect(chain.head.hash).toBe(third.hash);
    expect(chain.blockAt(202)?.hash).toBe(second.hash);
    expect(chain.block(at(202).hash)?.mainChain).toBe(false);
    expect(chain.checked.microBlocks).toBe(checked + 1);
    // And back again, when the old branch has grown longer.
    expect((await chain.push(at(203).block)).result).toBe('forked');
    expect((await chain.push(at(204).block)).result).toBe('rebranched');
    expect(chain.blockAt(201)?.hash).toBe(at(201).hash);
  });

  it('lets a skip block win, even against a longer branch', async () => {
    await pushTo(203);
    const skip = makeSkip(at(201));
    expect(await chain.push(skip.block)).toMatchObject({ result: 'rebranched', reverted: [{ height: 202 }, { height: 203 }], adopted: [{ hash: skip.hash, kind: 'skip' }] });
    expect(chain.head.hash).toBe(skip.hash);
    // The proposer of the height after a skip block is drawn from the same entropy.
    const next = makeMicro(skip);
    expect((await chain.push(next.block)).result).toBe('extended');
    expect(makeSkip(next).block.header.seed).toEqual(next.block.header.seed);
    // The branch without the skip block cannot win again, however long it is.
    expect((await chain.push(at(204).block)).result).toBe('ignored');
    expect(changes.at(-1)).toMatchObject({ kind: 'stored', stored: { height: 204 } });
    expect(changes.at(-1)?.equivocation).toBeUndefined();
    expect(chain.head.hash).toBe(next.hash);
  });

  it('stores a micro block that loses to a skip block', async () => {
    const skip = makeSkip(genesisLink);
    await chain.push(skip.block);
    expect((await chain.push(at(201).block)).result).toBe('ignored');
    expect(chain.block(at(201).hash)?.mainChain).toBe(false);
    expect((await chain.push(at(202).block)).result).toBe('ignored');
  });

  it.each(['micro', 'macro'] as const)('issue 11.5: among skip blocks with one proof it keeps the first, until a %s block builds on another (version 1)', async (kind) => {
    const base = kind === 'micro' ? genesisLink : at(230);
    if (kind === 'macro') await pushTo(230);
    const skip = makeSkip(base);
    const forged = { ...skip.block, header: { ...skip.block.header, historyRoot: '11'.repeat(32) } };
    expect((await chain.push(forged)).result).toBe('extended');
    expect(await chain.push(skip.block)).toEqual({ result: 'variant', held: false });
    expect(chain.has(skip.hash)).toBe(false);
    const next = kind === 'micro' ? makeMicro(skip) : makeMacro(skip);
    expect((await chain.push(next.block)).result).toBe('orphan');
    // It was requested, because a later block names it.
    expect(await chain.push(skip.block, { wanted: true })).toEqual({ result: 'variant', held: true });
    expect(chain.head.hash).toBe(linkOf(forged, base).hash);
    expect(await chain.push(next.block)).toMatchObject({ result: 'rebranched', adopted: [{ hash: skip.hash }, { hash: next.hash }] });
    expect(chain.has(linkOf(forged, base).hash)).toBe(false);
    expect(changes.at(-1)?.equivocation).toBeUndefined();
  });

  it('issue 11.5: a block that breaks a rule does not make one variant replace another', async () => {
    const skip = makeSkip(genesisLink);
    const forged = linkOf({ ...skip.block, header: { ...skip.block.header, historyRoot: '11'.repeat(32) } }, genesisLink);
    await chain.push(skip.block);
    await chain.push(forged.block, { wanted: true });
    const next = makeMicro(forged);
    expect(await chain.push({ ...next.block, justification: { type: 'micro', signature: new Uint8Array(64) } })).toMatchObject({ result: 'invalid' });
    expect(chain.head.hash).toBe(skip.hash);
    expect((await chain.push(makeMicro(skip).block)).result).toBe('extended');
  });

  it('issue 11.5: fifty variants cost one pairing', async () => {
    let pairings = 0;
    const counted = new LightChain({ network: unitAlbatross, verify: (job, options) => ((pairings += job.kind === 'multi-signature' ? 1 : 0), verifyNow(job, options)), clock: { now: () => testNow } });
    const skip = makeSkip(genesisLink);
    for (let index = 0; index < 50; index += 1) await counted.push({ ...skip.block, header: { ...skip.block.header, stateRoot: index.toString(16).padStart(64, '0') } }, { wanted: index % 2 === 0 });
    expect(pairings).toBe(1);
    // A different signature is verified separately.
    const { proof } = skip.block.justification as Extract<typeof skip.block.justification, { type: 'skip' }>;
    const signers = { words: [...proof.signers.words.slice(0, -1), proof.signers.words.at(-1)! ^ 1n] };
    expect(await counted.push({ ...skip.block, justification: { type: 'skip', proof: { ...proof, signers } } })).toMatchObject({ result: 'invalid', code: 'invalid-skip-proof' });
    expect(pairings).toBe(2);
  });

  it('issue 11.5: fifty copies of a version 1 checkpoint with other diff roots cost one pairing, and change nothing', async () => {
    let pairings = 0;
    const counted = new LightChain({ network: unitAlbatross, verify: (job, options) => ((pairings += job.kind === 'multi-signature' ? 1 : 0), verifyNow(job, options)), clock: { now: () => testNow } });
    const checkpoint = macroAt(232);
    expect((await counted.pushMacro(checkpoint)).result).toBe('extended');
    for (let index = 0; index < 50; index += 1) {
      const copy = { ...checkpoint, header: { ...checkpoint.header, diffRoot: index.toString(16).padStart(64, '0') } };
      expect(linkOf(copy, at(231)).hash).toBe(at(232).hash);
      expect(await counted.verifyCopy(copy)).toBe('good');
    }
    expect(pairings).toBe(1);
    const bad = { ...checkpoint, justification: macroAt(264).justification };
    expect(await counted.verifyCopy(bad)).toBe('invalid-justification');
    // A justification that is valid under these validators is not valid under others.
    expect(await counted.verifyMacroJustification(checkpoint, [])).toBe('invalid-justification');
    expect(pairings).toBe(3);
  });

  it('lets a macro block on a side branch win, and makes it final', async () => {
    await pushTo(231);
    const fork = sibling(at(230));
    const macro = makeMacro(fork);
    expect((await chain.push(fork.block)).result).toBe('forked');
    expect(await chain.push(macro.block)).toMatchObject({ result: 'rebranched', reverted: [{ hash: at(231).hash }], adopted: [{ hash: fork.hash }, { hash: macro.hash }] });
    expect(changes.slice(-2).map(heights)).toEqual([['rebranched', [231], [231, 232]], ['finalized', [], []]]);
    expect(chain.macroHead.hash).toBe(macro.hash);
    // Blocks that were reverted below a macro block are removed.
    expect(chain.has(at(231).hash)).toBe(false);
    expect((await chain.push(makeMicro(macro).block)).result).toBe('extended');
    expect((await chain.push(at(233).block)).result).toBe('orphan');
  });

  it('lets a macro block win even over a skip block', async () => {
    await pushTo(230);
    const skip = makeSkip(at(230));
    const macro = makeMacro(at(231));
    await chain.push(skip.block);
    expect((await chain.push(at(231).block)).result).toBe('ignored');
    expect(await chain.push(macro.block)).toMatchObject({ result: 'rebranched', reverted: [{ hash: skip.hash }] });
    expect(chain.macroHead.hash).toBe(macro.hash);
  });

  it('uses the next validators when the side branch ends in an election block', async () => {
    await chain.pushMacro(at(296).block);
    await pushTo(327);
    const fork = sibling(at(326));
    const election = makeMacro(fork);
    await chain.push(fork.block);
    expect((await chain.push(election.block)).result).toBe('rebranched');
    expect(changes.at(-1)?.kind).toBe('epoch-finalized');
    expect(chain.electionHead.hash).toBe(election.hash);
    expect(chain.electionHash(328)).toBe(election.hash);
  });

  it('keeps a bounded number of side blocks at one height, the newest', async () => {
    await pushTo(201);
    const twins = Array.from({ length: 11 }, (_, index) => makeMicro(genesisLink, { extraData: Uint8Array.of(index) }));
    for (const { block } of twins) expect((await chain.push(block)).result).toBe('forked');
    expect(twins.map(({ hash }) => chain.has(hash))).toEqual([false, false, false, ...Array.from({ length: 8 }, () => true)]);
    // A dropped block that is needed can be pushed again.
    const needed = twins[1]!;
    expect((await chain.push(makeMicro(needed).block)).result).toBe('orphan');
    expect((await chain.push(needed.block)).result).toBe('forked');
    expect((await chain.push(makeMicro(needed).block)).result).toBe('rebranched');
  });
});

describe('pushMacro', () => {
  it('follows whole batches, but not across an election block', async () => {
    expect((await chain.pushMacro(at(296).block)).result).toBe('extended');
    expect(await chain.pushMacro(makeMacro({ ...at(296), height: 359 }).block)).toEqual({ result: 'invalid', code: 'jumps-over-election-block' });
    expect((await chain.pushMacro(at(328).block)).result).toBe('extended');
    expect(changes.map(heights)).toEqual([['finalized', [], [296]], ['epoch-finalized', [], [328]]]);
    expect(chain.checked).toEqual({ ...nothingChecked, electionBlocks: 1, checkpoints: 1, justifications: 2 });
    await pushTo(330);
  });

  it('keeps the micro blocks that the macro block follows and drops those that it cannot follow', async () => {
    await pushTo(231);
    await chain.pushMacro(at(232).block);
    expect(chain.has(at(231).hash)).toBe(true);
    await pushTo(240);
    await chain.pushMacro(at(264).block);
    expect(chain.has(at(240).hash)).toBe(false);
    // The previous macro block is an ancestor in any case.
    expect(chain.blockAt(232)?.hash).toBe(at(232).hash);
    expect(chain.head.height).toBe(264);
  });

  it('accepts a punished set with all slots, and (issue 11.8) one with any number of trailing zero words, unchanged', async () => {
    const full = macroOn(genesisLink, 232, { nextBatchInitialPunishedSet: firstSlots(512) });
    const trailing = macroOn(genesisLink, 232, { nextBatchInitialPunishedSet: { words: [2n, 0n, 0n] } });
    expect(trailing.hash).not.toBe(macroOn(genesisLink, 232, { nextBatchInitialPunishedSet: { words: [2n] } }).hash);
    // Official nodes treat sets that differ only in trailing zero words as equal, so a proposer may add any number of them.
    const many = macroOn(genesisLink, 232, { nextBatchInitialPunishedSet: decode(bitSet, Uint8Array.of(0xac, 2, 2, ...new Uint8Array(299))) });
    expect(new Set([trailing, many].map(({ hash }) => hash)).size).toBe(2);
    expect(blockHash(decode(blockCodec, encode(blockCodec, many.block)))).toBe(many.hash);
    for (const macro of [full, trailing, many]) {
      chain = newChain();
      expect((await chain.pushMacro(macro.block)).result).toBe('extended');
      expect((await chain.push(makeMicro(macro).block)).result).toBe('extended');
    }
  });
});

describe('pushElectionOnTrust', () => {
  it('accepts an election block without a justification, and continues from it', async () => {
    const election = at(328);
    expect((await chain.pushElectionOnTrust({ ...macroAt(328), justification: undefined })).result).toBe('extended');
    expect(heights(changes.at(-1))).toEqual(['epoch-finalized', [], [328]]);
    expect(chain.electionHead.hash).toBe(election.hash);
    expect(chain.checked).toEqual(nothingChecked);
    await pushTo(330);
    expect(chain.checked.microBlocks).toBe(2);
  });

  it("learns the previous election block's hash from it", async () => {
    const far = { ...macroAt(328), header: { ...macroAt(328).header, blockNumber: 840, parentElectionHash: 'cd'.repeat(32) } };
    expect((await chain.pushElectionOnTrust(far)).result).toBe('extended');
    expect([chain.electionHash(200), chain.electionHash(712)]).toEqual([unitAlbatross.genesisHash, 'cd'.repeat(32)]);
    expect(chain.has(unitAlbatross.genesisHash)).toBe(true);
  });

  it('never doubts the genesis block', async () => {
    const lying = makeMacro({ ...genesisLink, height: 327 }, { parentElectionHash: 'cd'.repeat(32) });
    expect((await chain.pushElectionOnTrust(lying.block)).result).toBe('extended');
    expect(chain.electionHash(200)).toBe(unitAlbatross.genesisHash);
  });

  it('respects the punished set of the macro head', async () => {
    // Three validators; the slots of the first two are punished.
    const election = decode(blockCodec, fromHex(version2.election_v1_three_validators_control.block)) as MacroBlock;
    const link = linkOf({ ...election, header: { ...election.header, nextBatchInitialPunishedSet: firstSlots(300) } }, genesisLink);
    chain = newChain({ clock: { now: () => election.header.timestamp } });
    await chain.pushElectionOnTrust(link.block);
    const by = (index: number) => makeMicro(link, {}, { signingSecret: fromHex(version2.keys.signing_secret[index]!) }).block;
    // No key of this epoch is proven yet.
    expect(await chain.push(by(0))).toMatchObject({ result: 'undecided', code: 'invalid-seed' });
    expect(await chain.push(by(1))).toMatchObject({ result: 'undecided', code: 'invalid-seed' });
    expect((await chain.push(by(2))).result).toBe('extended');
  });
});

describe('verifyMacroJustification', () => {
  it('checks only the justification', async () => {
    const { validators } = chain;
    expect(await chain.verifyMacroJustification(macroAt(264), validators)).toBeUndefined();
    expect(await chain.verifyMacroJustification({ ...macroAt(264), justification: macroAt(232).justification }, validators)).toBe('invalid-justification');
    expect(await chain.verifyMacroJustification({ ...macroAt(264), justification: undefined }, validators)).toBe('missing-justification');
    expect(await chain.verifyMacroJustification(macroAt(264), [])).toBe('invalid-justification');
    expect(chain.head).toBe(chain.genesis);
  });
});

describe('verifyCopy', () => {
  const flip = (bytes: Uint8Array) => bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte));

  it('distinguishes a bad copy of a held micro block from a good one', async () => {
    await pushTo(203);
    const { block } = at(202);
    expect(await chain.verifyCopy(block)).toBe('good');
    const { signature } = block.justification as Extract<MicroJustification, { type: 'micro' }>;
    const bad = { ...block, justification: { type: 'micro', signature: flip(signature) } } as Link['block'];
    expect(await chain.verifyCopy(bad)).toBe('invalid-signature');
    expect(chain.head.hash).toBe(at(203).hash);
  });

  it('does so for the checkpoint that is the macro head, and gives no verdict below it', async () => {
    await pushTo(233);
    const good = macroAt(232);
    expect(await chain.verifyCopy(good)).toBe('good');
    const justification = good.justification!;
    expect(await chain.verifyCopy({ ...good, justification: { ...justification, round: justification.round + 1 } })).toBe('invalid-justification');
    const below = at(231).block;
    expect(await chain.verifyCopy({ ...below, justification: undefined } as Link['block'])).toBe('untold');
  });
});

describe('reset and restore', () => {
  it('returns to genesis and drops pushes under way', async () => {
    await pushTo(203);
    const running = chain.push(at(204).block);
    const waiting = chain.push(at(205).block);
    chain.reset();
    expect(chain.head).toBe(chain.genesis);
    expect(await running).toEqual({ result: 'ignored' });
    expect(await waiting).toEqual({ result: 'ignored' });
    expect(changes.at(-1)?.kind).toBe('reset');
    expect(chain.checked.microBlocks).toBe(0);
    await pushTo(201);
  });

  it('restores election block, checkpoint and tail, and continues', async () => {
    const checked = { ...nothingChecked, electionBlocks: 1, checkpoints: 2, microBlocks: 3 };
    const checkpoint = makeMacro({ ...at(328), height: 359 });
    const tail = makeChain(checkpoint, 363);
    chain = newChain({ clock: { now: () => 0 } });
    expect(await chain.restore({ election: macroAt(328), checkpoint: checkpoint.block, tail: tail.map(({ block }) => block), checked })).toBe('restored');
    expect([chain.head.hash, chain.macroHead.hash, chain.electionHead.hash]).toEqual([tail.at(-1)!.hash, checkpoint.hash, at(328).hash]);
    expect(chain.checked).toEqual(checked);
    expect(changes.map(({ kind }) => kind)).toEqual(['reset']);
    expect(chain.electionHash(328)).toBe(at(328).hash);
  });

  it('restores a chain that has not reached its first election block', async () => {
    const tail = links.slice(32, 35).map(({ block }) => block);
    expect(await chain.restore({ election: undefined, checkpoint: macroAt(232), tail })).toBe('restored');
    await pushTo(240);
    expect(await chain.restore({ election: undefined, checkpoint: undefined, tail: [] })).toBe('restored');
    expect(chain.head).toBe(chain.genesis);
  });

  it('refuses an inconsistent chain, and keeps its own', async () => {
    await pushTo(202);
    const forged: MacroBlock = { ...macroAt(232), header: { ...macroAt(232).header, stateRoot: '00'.repeat(32) } };
    expect(await chain.restore({ election: undefined, checkpoint: forged, tail: [] })).toEqual({ code: 'invalid-justification' });
    expect(await chain.restore({ election: undefined, checkpoint: undefined, tail: [at(202).block] })).toEqual({ code: 'wrong-block-number' });
    expect(await chain.restore({ election: undefined, checkpoint: undefined, tail: [at(201).block, at(203).block] })).toEqual({ code: 'wrong-block-number' });
    expect(await chain.restore({ election: macroAt(232), checkpoint: undefined, tail: [] })).toEqual({ code: 'not-an-election-block' });
    expect(chain.head.hash).toBe(at(202).hash);
  });

  it('neither a restore nor a push overrides a later reset', async () => {
    for (const start of [
      () => chain.restore({ election: undefined, checkpoint: macroAt(232), tail: [] }),
      () => chain.push(at(201).block),
      () => chain.pushMacro(at(232).block),
    ]) {
      const gate = heldVerify();
      chain = newChain({ verify: gate.verify });
      const running = start();
      await gate.asked;
      chain.reset();
      gate.goOn();
      expect([{ code: 'superseded' }, { result: 'ignored' }]).toContainEqual(await running);
      expect(chain.head).toBe(chain.genesis);
      expect(chain.has(at(201).hash)).toBe(false);
      expect(changes.map(({ kind }) => kind)).toEqual(['reset']);
    }
  });
});

describe('the order of pushes', () => {
  it('is the order of the calls', async () => {
    const results = await Promise.all([201, 202, 203, 204].map((height) => chain.push(at(height).block)));
    expect(results.map(({ result }) => result)).toEqual(['extended', 'extended', 'extended', 'extended']);
  });

  it('is bounded in length', async () => {
    const results = await Promise.all(Array.from({ length: 1201 }, () => chain.push(at(202).block)));
    expect(results.slice(0, 1200).every(({ result }) => result === 'orphan')).toBe(true);
    expect(results[1200]).toEqual({ result: 'ignored' });
    expect((await chain.push(at(201).block)).result).toBe('extended');
  });

  it('goes on after an aborted push and after a failed verifier', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(chain.push(at(201).block, { signal: stop.signal })).rejects.toThrow('stopped');
    let gone = true;
    const verify: Verify = (job) => (gone ? Promise.reject(new Error('shut down')) : verifyNow(job));
    chain = newChain({ verify });
    await expect(chain.push(at(201).block)).rejects.toThrow('shut down');
    gone = false;
    await pushTo(202);
  });
});

describe('voting keys', () => {
  it('are decoded once, cached, and loaded from an earlier session', async () => {
    const jobs: VerificationJob[] = [];
    const verify: Verify = (job) => {
      jobs.push(job);
      return verifyNow(job);
    };
    const remembered: DecodedKey[] = [];
    chain = newChain({ verify, rememberKeys: (keys) => remembered.push(...keys) });
    await chain.pushMacro(at(232).block);
    await chain.pushMacro(at(328).block);
    expect(remembered).toHaveLength(1);
    expect(jobs.map((job) => job.kind === 'multi-signature' && job.signers.map(({ decoded }) => decoded !== undefined))).toEqual([[false], [true]]);

    jobs.length = 0;
    const asked: Uint8Array[][] = [];
    chain = newChain({ verify, decodedKeys: async (compressed) => (asked.push(compressed), remembered), rememberKeys: () => expect.unreachable() });
    await chain.pushElectionOnTrust(at(328).block);
    expect(asked).toHaveLength(1);
    expect(jobs).toEqual([]);
  });

  it('are decoded when the store fails', async () => {
    chain = newChain({ decodedKeys: () => Promise.reject(new Error('no database')) });
    expect((await chain.pushMacro(at(232).block)).result).toBe('extended');
  });
});
