/**
 * Blocks of a real network of three validators, as a node held them: genesis, checkpoint 232, and all from election block 328 to
 * 519. Each passes every rule of `push` for real: signatures, seeds, proposers, aggregates. Some checks are not possible, because
 * the node had dropped the blocks that they need:
 *
 * - 232 and 328: the rules against the predecessor, and the proposer's rules. They get the checks of `pushMacro`. Their seeds
 *   and parent hashes are only as good as their justification;
 * - the genesis block: all but the intrinsic rules. It has neither justification nor predecessor;
 * - 519: the body root. It was recorded without a body.
 *
 * History and state roots are for proofs; no rule reads them.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { blockKind } from '../src/chains/albatross/chain/block-kind.ts';
import { blockHash, interlinkOf, macroBodyRoot, microBodyRoot, skipBlockSigHash, voteSigHash } from '../src/chains/albatross/chain/hashes.ts';
import { LightChain } from '../src/chains/albatross/chain/light-chain.ts';
import { loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { policyOf } from '../src/chains/albatross/chain/policy-of.ts';
import { intrinsicRules } from '../src/chains/albatross/chain/rules/intrinsic.ts';
import { firstBrokenCheck, runJobs } from '../src/chains/albatross/chain/rules/run-rules.ts';
import { allRules, checksRun, rulesOf } from '../src/chains/albatross/chain/rules/stages.ts';
import { proposerSlot, signersOf, validatorAt } from '../src/chains/albatross/chain/slots.ts';
import { block as blockCodec } from '../src/chains/albatross/wire/blocks.ts';
import { fromHex, toHex } from '../src/base/bytes.ts';
import { nothingChecked } from '../src/chains/albatross/chain/checked-counts.ts';
import { responseMessage } from '../src/chains/albatross/wire/exchange.ts';
import { decode, encode } from '../src/base/postcard/codec.ts';
import { proofRequests } from '../src/chains/albatross/wire/proof-requests.ts';
import { decodeResponse } from '../src/chains/albatross/wire/requests.ts';
import type { Block, MacroBlock, Validator } from '../src/chains/albatross/wire/types.ts';
import type { JustificationsJob, VerificationJob, Verify } from '../src/crypto/jobs.ts';
import { runJobNow } from '../src/crypto/run-job.ts';
import { vrfEntropy } from '../src/crypto/vrf.ts';
import { addressHex } from './support/friendly-address.ts';
import { recording } from './support/node-recordings.ts';
import { verifyNow } from './support/verify-now.ts';

const recorded = recording('blocks');
const policy = policyOf(unitAlbatross);

/** Every block by height, without its body. */
const blocks = new Map<number, Block>();
/** The blocks that were recorded with a body. */
const bodied: Block[] = recorded.blocks.map(({ withBody }) => decode(blockCodec, fromHex(withBody)));
for (const { header } of recorded.blocks) keep(decode(blockCodec, fromHex(header)));
// The last blocks are only in recorded answers.
for (const { typeId, response } of recording('requests').exchanges) {
  const answer = typeId === 209 ? decodeResponse('missing-blocks', fromHex(response)) : undefined;
  if (answer?.ok && answer.value.ok) for (const block of answer.value.value.blocks) keep(block);
}
for (const { response } of recording('transactions-proofs').proofs) {
  const answer = decode(responseMessage(proofRequests['1.0']['transactions-proof']), fromHex(response));
  if (answer.ok && answer.value.ok) keep(answer.value.value.block);
}

function keep(block: Block): void {
  const { blockNumber } = block.header;
  const known = blocks.get(blockNumber);
  if (known) expect(blockHash(block)).toBe(blockHash(known));
  else blocks.set(blockNumber, { ...block, body: undefined });
  if (block.body) bodied.push(block);
}

const at = (height: number): Block => blocks.get(height)!;
const macroAt = (height: number): MacroBlock => at(height) as MacroBlock;
const from = (first: number, last: number): Block[] => Array.from({ length: last - first + 1 }, (_, index) => at(first + index));
const lastHeight = 519;
/**
 * The newest recorded macro block before a height: for 328 it is checkpoint 232, for all others the block at the end of the
 * previous batch.
 */
const macroHeadOf = (height: number): MacroBlock => Array.from(blocks.values()).findLast((block) => block.type === 'macro' && block.header.blockNumber < height) as MacroBlock;
/** All recorded blocks without a gap. */
const contiguous = from(329, lastHeight);
const now = at(lastHeight).header.timestamp;

const electedBy = (height: number): readonly Validator[] => macroAt(policy.electionBlockBefore(height)).header.validators!;
const drawn = ({ header, type }: Block): number =>
  proposerSlot({
    entropy: vrfEntropy(at(header.blockNumber - 1).header.seed)!,
    // For a macro block the round counts, not the height.
    offset: type === 'macro' ? header.round : header.blockNumber,
    disabled: macroHeadOf(header.blockNumber).header.nextBatchInitialPunishedSet,
  });

function newChain(verify: Verify = verifyNow): LightChain {
  return new LightChain({ network: unitAlbatross, verify, clock: { now: () => now } });
}

it('the recording is of unit-albatross, and has the expected blocks', () => {
  const { name, blocksPerBatch, batchesPerEpoch } = unitAlbatross;
  expect(recorded).toMatchObject({ network: name, blocksPerBatch, batchesPerEpoch });
  expect(recorded.blocks.map(({ height }) => height)).toEqual([200, 232, ...from(328, 512).map(({ header }) => header.blockNumber)]);
  expect(Array.from(blocks.keys())).toEqual([200, 232, ...from(328, lastHeight).map(({ header }) => header.blockNumber)]);
  const kinds = recorded.blocks.map(({ kind }) => kind);
  expect(['election', 'checkpoint', 'micro', 'skip'].map((kind) => kinds.filter((each) => each === kind).length)).toEqual([3, 5, 174, 5]);
  expect(at(200)).toEqual(loadGenesis(unitAlbatross));
});

describe('every recorded block', () => {
  it.each(recorded.blocks.map((block) => [block.height, block.kind, block] as const))('%i, %s: decodes, encodes to the same bytes and hashes, with body and without', (_, __, { withBody, header, ...expected }) => {
    const block = decode(blockCodec, fromHex(withBody));
    expect(toHex(encode(blockCodec, block))).toBe(withBody);
    const { blockNumber: height, version, parentHash, timestamp, stateRoot, historyRoot, bodyRoot, network } = block.header;
    const transactions = block.body && block.type === 'micro' ? block.body.transactions.length : 0;
    expect({ height, kind: blockKind(block), version, hash: blockHash(block), parentHash, timestamp, stateRoot, historyRoot, bodyRoot, transactions, proposer: expected.proposer }).toEqual(expected);
    expect(network).toBe(7);
    const bare = decode(blockCodec, fromHex(header));
    expect(bare).toEqual({ ...block, body: undefined });
    expect(toHex(encode(blockCodec, bare))).toBe(header);
    expect(blockHash(bare)).toBe(expected.hash);
  });

  it('has a body that matches the root in its header, in answers too', () => {
    const roots = bodied.map(({ body, header }) => [header.blockNumber, body && ('equivocationProofs' in body ? microBodyRoot(body) : macroBodyRoot(body))]);
    expect(roots).toEqual(bodied.map(({ header }) => [header.blockNumber, header.bodyRoot]));
    expect(Array.from(new Set(bodied.map(({ header }) => header.blockNumber)))).toEqual([200, 232, ...from(328, 518).map(({ header }) => header.blockNumber)]);
  });

  it('after 328 was made by its proposer; a skip block was made because its proposer made none', () => {
    const turns = recorded.blocks.filter(({ proposer }) => proposer !== null);
    expect(turns).toHaveLength(184);
    for (const { height, proposer } of turns) {
      const slot = drawn(at(height));
      expect({ height, slot, validator: toHex(validatorAt(electedBy(height), slot)!.address) }).toEqual({ height, slot: proposer!.slot, validator: addressHex(proposer!.validator) });
    }
    // The slots of skipped proposers are in the punished set of the next batch, and the draws of that batch leave them out.
    const skipped = recorded.blocks.filter(({ kind }) => kind === 'skip').map(({ proposer }) => proposer!.slot);
    expect(macroAt(392).header.nextBatchInitialPunishedSet.words.reduce((sum, word, index) => sum | (word << BigInt(64 * index)), 0n)).toBe(skipped.reduce((sum, slot) => sum | (1n << BigInt(slot)), 0n));
  });

  it('that elects has the interlink that follows from the previous election block', () => {
    for (const [before, height] of [[200, 328], [328, 456]] as const) {
      expect(macroAt(height).header.interlink).toEqual(interlinkOf(macroAt(before).header, blockHash(at(before)), policy));
    }
  });
});

describe('every rule', () => {
  /** The verification jobs that the rules requested. */
  const asked: VerificationJob[] = [];
  const verify: Verify = (job, options) => {
    asked.push(job);
    return verifyNow(job, options);
  };
  const withHash = <B extends Block>(block: B) => ({ block, hash: blockHash(block) });
  const contextOf = (block: Block) => {
    const height = block.header.blockNumber;
    const macroHead = withHash(height === 200 ? macroAt(200) : macroHeadOf(height));
    return {
      ...withHash(block), kind: blockKind(block), network: unitAlbatross, policy, now, macroHead, validators: electedBy(height), decodedKey: () => undefined,
      disabled: macroHead.block.header.nextBatchInitialPunishedSet, draw: proposerSlot,
    };
  };
  /** The first rule of `push` that the block breaks. */
  async function broken(block: Block): Promise<string | undefined> {
    const context = { ...contextOf(block), predecessor: withHash(at(block.header.blockNumber - 1)) };
    const rules = rulesOf(allRules, checksRun.push[block.type]);
    return firstBrokenCheck(rules, context) ?? (await runJobs(rules, context, verify)).code;
  }

  it('holds for every block with a recorded predecessor', async () => {
    asked.length = 0;
    for (const block of contiguous) expect([block.header.blockNumber, await broken(block)]).toEqual([block.header.blockNumber, undefined]);
    const skips = contiguous.filter((block) => blockKind(block) === 'skip').length;
    const macros = contiguous.filter(({ type }) => type === 'macro').length;
    expect([skips, macros]).toEqual([5, 5]);
    const kinds = asked.map(({ kind }) => kind);
    // The voting keys of 456 are the last ones.
    expect(['proposer', 'multi-signature', 'keys'].map((kind) => kinds.filter((each) => each === kind).length)).toEqual([contiguous.length - skips, skips + macros, 1]);
    expect(asked.filter((job) => job.kind === 'proposer' && job.signature).length).toBe(contiguous.length - skips - macros);
  });

  it('that needs no predecessor holds for the other macro blocks', async () => {
    for (const height of [232, 328]) {
      const rules = rulesOf(allRules, checksRun.pushMacro);
      const context = contextOf(at(height));
      expect([height, firstBrokenCheck(rules, context), (await runJobs(rules, context, verify)).code]).toEqual([height, undefined, undefined]);
    }
    expect(firstBrokenCheck(intrinsicRules, contextOf(at(200)))).toBe(undefined);
  });

  it('about signatures and seeds fails when a block carries those of another', async () => {
    const micro = (height: number) => at(height) as Extract<Block, { type: 'micro' }>;
    const withSeed = (height: number, seed: Uint8Array): Block => {
      const block = at(height);
      return block.type === 'macro' ? { ...block, header: { ...block.header, seed } } : { ...block, header: { ...block.header, seed } };
    };
    expect(await broken({ ...micro(400), justification: micro(401).justification })).toBe('invalid-signature');
    expect(await broken(withSeed(400, at(401).header.seed))).toBe('invalid-seed');
    expect(await broken(withSeed(424, at(425).header.seed))).toBe('invalid-seed');
    expect(await broken({ ...micro(367), justification: micro(366).justification })).toBe('invalid-skip-proof');
    expect(await broken({ ...macroAt(392), justification: macroAt(360).justification })).toBe('invalid-justification');
    // The signed message contains the round.
    expect(await broken({ ...macroAt(488), justification: { ...macroAt(488).justification!, round: 1 } })).toBe('invalid-justification');
  });
});

describe('the light chain', () => {
  it('follows from genesis over the recorded macro blocks to 328, and from there block by block', async () => {
    const chain = newChain();
    for (const height of [232, 328]) expect([height, (await chain.pushMacro(at(height))).result]).toEqual([height, 'extended']);
    for (const block of contiguous) expect([block.header.blockNumber, await chain.push(block)]).toMatchObject([block.header.blockNumber, { result: 'extended' }]);
    expect([chain.head, chain.macroHead, chain.electionHead].map(({ hash }) => hash)).toEqual([lastHeight, 488, 456].map((height) => blockHash(at(height))));
    expect(chain.checked).toEqual({ ...nothingChecked, electionBlocks: 2, checkpoints: 5, microBlocks: contiguous.length - 5, justifications: 7 });
    expect(chain.undecided).toBe(undefined);
    // All three proposed in the first batch of the epoch, which is final, so their signing keys are proven.
    expect(chain.validators.map(({ slots }) => chain.keys.standing(slots.start))).toEqual(['proven', 'proven', 'proven']);
    expect(chain.pendingProven).toBe(true);
  });

  it('takes the blocks with their bodies too', async () => {
    const chain = newChain();
    for (const { height, withBody, hash } of recorded.blocks.slice(1)) {
      const block = decode(blockCodec, fromHex(withBody));
      const { result } = await (height > 328 ? chain.push(block) : chain.pushMacro(block));
      expect([height, result, chain.head.hash]).toEqual([height, 'extended', hash]);
    }
  });

  it('follows the macro blocks alone', async () => {
    const chain = newChain();
    for (const height of [232, 328, 360, 392, 424, 456, 488]) expect([height, (await chain.pushMacro(at(height))).result]).toEqual([height, 'extended']);
    for (const block of from(489, lastHeight)) expect((await chain.push(block)).result).toBe('extended');
  });

  it('follows from an election block on trust, and from its stored state', async () => {
    const chain = newChain();
    expect((await chain.pushElectionOnTrust(at(456))).result).toBe('extended');
    for (const block of from(457, lastHeight)) expect([block.header.blockNumber, await chain.push(block)]).toMatchObject([block.header.blockNumber, { result: 'extended' }]);
    const again = newChain();
    expect(await again.restore({ election: macroAt(456), checkpoint: macroAt(488), tail: from(489, lastHeight) })).toBe('restored');
    expect(again.head.hash).toBe(chain.head.hash);
  });

  it('takes a block only after its parent, and only once', async () => {
    const chain = newChain();
    await chain.pushMacro(at(232));
    await chain.pushMacro(at(328));
    expect((await chain.push(at(330))).result).toBe('orphan');
    expect((await chain.push(at(329))).result).toBe('extended');
    expect((await chain.push(at(330))).result).toBe('extended');
    expect((await chain.push(at(330))).result).toBe('known');
  });
});

describe('all aggregates in one batch', () => {
  const signed = Array.from(blocks.values()).flatMap((block): { readonly sigHash: Uint8Array; readonly proof: { readonly signature: Uint8Array; readonly signers: MacroBlock['header']['nextBatchInitialPunishedSet'] }; readonly validators: readonly Validator[] }[] => {
    const validators = block.header.blockNumber > 200 ? electedBy(block.header.blockNumber) : [];
    if (block.type === 'macro') return block.justification ? [{ sigHash: voteSigHash(block.header, block.justification.round), proof: block.justification.sig, validators }] : [];
    return block.justification?.type === 'skip' ? [{ sigHash: skipBlockSigHash(block.header)!, proof: block.justification.proof, validators }] : [];
  });
  const signers = signed.map(({ proof, validators }) => signersOf(proof.signers, validators));
  const names = Array.from(new Set(signers.flat().map(({ compressed }) => toHex(compressed))));
  const job: JustificationsJob = {
    kind: 'justifications',
    keys: names.map((name) => ({ compressed: fromHex(name) })),
    items: signed.map(({ sigHash, proof }, index) => ({
      sigHash,
      signature: proof.signature,
      signers: signers[index]!.map(({ compressed, weight }) => ({ key: names.indexOf(toHex(compressed)), weight })),
    })),
  };

  it('hold', () => {
    expect(job.items).toHaveLength(12);
    expect(runJobNow(job)).toMatchObject({ valid: true });
  });

  it('do not when two are exchanged', () => {
    const items = job.items.map((item, index) => ({ ...item, signature: job.items[index === 5 ? 6 : index === 6 ? 5 : index]!.signature }));
    expect(runJobNow({ ...job, items })).toMatchObject({ valid: false, failure: 'multi-signature', at: 5 });
  });
});
