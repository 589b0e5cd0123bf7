import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { blockAfter, eventOf, makeChain, networkOf, seal, seeds, signaturesOf, validators } from '../../../../test/support/moloch-chain-maker.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { blockHash, eventId, validatorsHash } from '../chain/hash.ts';
import { Mmr, mmrRoot } from '../chain/mmr.ts';
import { trustedHeaderOf } from '../chain/moloch-block.ts';
import { checkMolochNetwork, type MolochNetwork } from '../chain/network.ts';
import { decodeBlock } from '../wire/block.ts';
import { encodeEvent } from '../wire/event.ts';
import { decodeTrustedHeader, type TrustedHeader } from '../wire/trusted-header.ts';
import { makeCompactProof } from './compact-proof-rules.ts';
import { makeMolochReceipt } from './make-receipt.ts';
import { decodeReceipt, encodeReceipt, isMolochReceipt, MAX_RECEIPT, type MolochReceipt } from './receipt-file.ts';
import { RECEIPT_STEPS, verifyMolochReceipt } from './verify-receipt.ts';

const events = [eventOf(41), eventOf(42), eventOf(43), eventOf(44), eventOf(45)];
const early = makeChain(3);
const block = blockAfter(early.at(-1), { events });
const chain = [...early, block];
for (let i = 0; i < 4; i += 1) chain.push(blockAfter(chain.at(-1), { events: [eventOf(50 + i)] }));
const top = chain.at(-1)!;
const range = new Mmr();
for (const { item } of chain) range.append(item.id);
const network = networkOf(chain[0]!);
const bare = { header: block.item.block.header, events };
const event = events[2]!;

/** Rests on the block's own signatures. */
const own = makeMolochReceipt({ network, trusted: trustedHeaderOf(block.item.block), header: bare.header, proof: makeCompactProof(bare, 2), event });
/** Rests on a later block. */
const later = makeMolochReceipt({
  network, trusted: trustedHeaderOf(top.item.block), header: bare.header, proof: makeCompactProof(bare, 2, { range, leaves: top.item.height }), event,
});

const changed = (change: (receipt: MolochReceipt) => Partial<MolochReceipt>, file = later, at: MolochNetwork = network) => {
  const receipt = decodeReceipt(file);
  return verifyMolochReceipt(encodeReceipt({ ...receipt, ...change(receipt) }), at);
};
const withTrusted = (change: (trusted: TrustedHeader) => Partial<TrustedHeader>, file = later) => changed(({ trusted }) => ({ trusted: [{ ...trusted[0]!, ...change(trusted[0]!) }] }), file);

describe('6.10 a good receipt', () => {
  it.each([
    ['that its own block is signed for', own, 4],
    ['that a later block is signed for', later, 8],
  ])('%s', async (_name, file, finalHeight) => {
    expect(isMolochReceipt(file)).toBe(true);
    expect(toHex(encodeReceipt(decodeReceipt(file)))).toBe(toHex(file));
    expect(await verifyMolochReceipt(file, network)).toEqual({
      valid: true, checked: RECEIPT_STEPS, event, eventId: eventId(event), height: 4, blockHash: block.item.id, blockTime: bare.header.time, index: 2, finalHeight, signers: 3, validators: 4, anchor: 'genesis',
    });
  });

  it('rests on the checkpoint where one is pinned', async () => {
    const { item } = chain[6]!;
    const pinned = { height: 6, hash: item.id, mmrRoot: item.block.header.mmrRoot, validatorsHash: validatorsHash(validators), totalEvents: 9 };
    const withCheckpoint = checkMolochNetwork({ ...network, checkpoint: pinned });
    const file = makeMolochReceipt({ network: withCheckpoint, trusted: trustedHeaderOf(item.block), header: bare.header, proof: makeCompactProof(bare, 2, { range, leaves: 6 }), event });
    expect(await verifyMolochReceipt(file, withCheckpoint)).toMatchObject({ valid: true, anchor: 'checkpoint', finalHeight: 6 });
    expect(await verifyMolochReceipt(file, network)).toMatchObject({ valid: false, step: 'checkpoint', code: 'not-pinned' });
    expect(await changed(({ checkpoint }) => ({ checkpoint: { ...checkpoint, totalEvents: 8 } }), file, withCheckpoint)).toMatchObject({ step: 'checkpoint', code: 'other-checkpoint' });
    // A signed header at the pinned height that is another one: the validators lied, and the pin wins.
    const fork = blockAfter(chain[5], { branch: 'fork' });
    expect(await changed(() => ({ trusted: [trustedHeaderOf(fork.item.block)] }), file, withCheckpoint)).toMatchObject({ step: 'headers', code: 'other-checkpoint' });
  });

  it('is made of the vectors too', async () => {
    const blocks = molochVectors.blocks.map(({ blockBytes }) => decodeBlock(fromHex(blockBytes)));
    const ids = new Mmr();
    for (const { hash } of molochVectors.blocks) ids.append(hash);
    const trusted = decodeTrustedHeader(fromHex(molochVectors.trustedHeaders.find(({ name }) => name === 'h23 3 of 4')!.bytes));
    const vectorNetwork: MolochNetwork = { ...network, genesis: molochVectors.blocks[0]!.blockBytes, genesisHash: molochVectors.blocks[0]!.hash, validators: molochVectors.validators };
    const from = blocks.find(({ events: all }) => all.length > 4)!;
    const file = makeMolochReceipt({ network: vectorNetwork, trusted, header: from.header, proof: makeCompactProof(from, 3, { range: ids, leaves: 23 }), event: from.events[3]! });
    expect(await verifyMolochReceipt(file, vectorNetwork)).toMatchObject({ valid: true, finalHeight: 23, index: 3 });
  });
});

describe('the 12 holes of the crates (Moloch reference, section 3)', () => {
  it('1: one validator repeated', async () => {
    expect(await withTrusted(({ signatures }) => ({ signatures: [signatures[0]!, signatures[0]!, signatures[0]!] }))).toMatchObject({ valid: false, step: 'headers', code: 'repeated-signer', checked: ['format', 'network', 'checkpoint'] });
  });

  it('2: a signed header that does not link to the block', async () => {
    // Another chain of the same validators, with the same event at the same height.
    const fork = early.slice(0, 3);
    for (let i = 0; i < 6; i += 1) fork.push(blockAfter(fork.at(-1), { branch: 'fork', events: [event] }));
    expect(await changed(() => ({ trusted: [trustedHeaderOf(fork[8]!.item.block)] }))).toMatchObject({ step: 'chain', code: 'mmr-root' });
  });

  it('3: the root beside the header is not the header\'s', async () => {
    expect(await withTrusted(() => ({ mmrRoot: '11'.repeat(32) }))).toMatchObject({ step: 'headers', code: 'mmr-root-field' });
  });

  it('4: the range with peaks left out, as the crates want them', async () => {
    expect(await changed(({ proof }) => ({ proof: { ...proof, mmr: { ...proof.mmr!, peaks: [] } } }))).toMatchObject({ step: 'chain', code: 'mmr-peaks' });
  });

  it('5: a consistency proof proves nothing: without the range a later header is no proof', async () => {
    expect(molochVectors.falseConsistencyAccepted).toBe(true);
    expect(await changed(({ proof }) => ({ proof: { ...proof, mmr: undefined } }))).toMatchObject({ step: 'chain', code: 'mmr-missing' });
  });

  it('6: the leaf rule: a signed header with a root over other blocks than those before it', async () => {
    for (const { peaks } of [chain[6]!, chain[8]!]) {
      const wrong = blockAfter(chain[7], { branch: 'wrong', header: { mmrRoot: mmrRoot(peaks) } });
      expect(await changed(() => ({ trusted: [trustedHeaderOf(wrong.item.block)] }))).toMatchObject({ step: 'chain', code: 'mmr-root' });
    }
  });

  it('7: a signed header whose root was never filled', async () => {
    const empty = blockAfter(chain[7], { branch: 'empty', header: { mmrRoot: '00'.repeat(32) } });
    expect(await changed(() => ({ trusted: [trustedHeaderOf(empty.item.block)] }))).toMatchObject({ step: 'chain', code: 'mmr-root' });
  });

  it('8: an index of the padding', async () => {
    const last = makeCompactProof(bare, 4);
    const file = makeMolochReceipt({ network, trusted: trustedHeaderOf(block.item.block), header: bare.header, proof: last, event: events[4]! });
    expect(await verifyMolochReceipt(file, network)).toMatchObject({ valid: true, index: 4 });
    expect(await changed(({ proof }) => ({ proof: { ...proof, index: 6 } }), file)).toMatchObject({ step: 'inclusion', code: 'event-index' });
  });

  it('9: another set of validators, or a stranger among the signers', async () => {
    expect(await changed(({ checkpoint }) => ({ checkpoint: { ...checkpoint, validatorsHash: validatorsHash(validators.slice(1)) } }))).toMatchObject({ step: 'checkpoint', code: 'other-checkpoint' });
    const fewer = { ...network, validators: validators.slice(1) };
    expect(await changed(({ checkpoint }) => ({ checkpoint: { ...checkpoint, validatorsHash: validatorsHash(fewer.validators) } }), later, fewer)).toMatchObject({ step: 'headers', code: 'unknown-signer' });
  });

  it('10: bytes left over, after the receipt and after the event', async () => {
    expect(await verifyMolochReceipt(Uint8Array.of(...later, 0), network)).toMatchObject({ step: 'format', code: 'trailing-bytes' });
    expect(await changed((receipt) => ({ event: Uint8Array.of(...receipt.event, 0) }))).toMatchObject({ step: 'format', code: 'trailing-bytes' });
  });

  it('11: a bad seal, on the signed header and on the block', async () => {
    const bad = (header: TrustedHeader['header']) => ({ ...header, seal: header.seal.with(5, header.seal[5]! ^ 1) });
    expect(await withTrusted(({ header }) => ({ header: bad(header) }))).toMatchObject({ step: 'headers', code: 'bad-seal' });
    expect(await changed(({ header }) => ({ header: bad(header) }))).toMatchObject({ step: 'block', code: 'bad-seal' });
  });

  it('12: headers without any signatures', async () => {
    expect(await withTrusted(() => ({ signatures: [] }))).toMatchObject({ step: 'headers', code: 'too-few-signatures' });
    expect(await changed(() => ({ trusted: [] }))).toMatchObject({ step: 'headers', code: 'no-headers' });
  });
});

describe('other receipts that are refused', () => {
  it('with fewer signatures than two thirds and one', async () => {
    expect(await withTrusted(({ signatures }) => ({ signatures: signatures.slice(1) }))).toMatchObject({ step: 'headers', code: 'too-few-signatures' });
  });

  it('of another chain or genesis', async () => {
    expect(await verifyMolochReceipt(later, { ...network, chainId: 'other' })).toMatchObject({ step: 'network', code: 'other-chain-id' });
    expect(await verifyMolochReceipt(later, { ...network, genesisHash: '11'.repeat(32) })).toMatchObject({ step: 'network', code: 'other-genesis' });
  });

  it('headers out of order, and a signature over another hash', async () => {
    expect(await changed(({ trusted }) => ({ trusted: [trusted[0]!, trustedHeaderOf(block.item.block)] }))).toMatchObject({ step: 'headers', code: 'not-ascending' });
    expect(await withTrusted(() => ({ signatures: signaturesOf(block.item.id, 3) }))).toMatchObject({ step: 'headers', code: 'bad-signature' });
  });

  it('another event, or one whose signature is bad', async () => {
    expect(await changed(() => ({ event: encodeEvent(events[1]!) }))).toMatchObject({ step: 'event', code: 'other-event' });
    // The id does not cover the attestation.
    const forged = { ...event, attestation: events[1]!.attestation };
    expect(await changed(() => ({ event: encodeEvent(forged) }))).toMatchObject({ step: 'attestation', code: 'bad-attestation' });
  });

  it('another block of the same height, sealed well', async () => {
    const { header } = block.item.block;
    const other = seal({ ...header, eventsCount: 9 }, seeds[0]!);
    expect(await changed(() => ({ header: other }))).toMatchObject({ step: 'block', code: 'other-block' });
    expect(await changed(({ proof }) => ({ header: other, proof: { ...proof, blockHash: blockHash(other) } }), own)).toMatchObject({ step: 'inclusion', code: 'event-siblings' });
    const sameCount = seal({ ...header, time: header.time + 1 }, seeds[0]!);
    expect(await changed(({ proof }) => ({ header: sameCount, proof: { ...proof, blockHash: blockHash(sameCount) } }), own)).toMatchObject({ step: 'chain', code: 'other-block' });
    expect(await changed(({ proof }) => ({ header: sameCount, proof: { ...proof, blockHash: blockHash(sameCount) } }))).toMatchObject({ step: 'chain', code: 'mmr-peak' });
    expect(await changed(({ proof }) => ({ proof: { ...proof, height: 5 } }))).toMatchObject({ step: 'block', code: 'other-height' });
  });

  it('cut at any byte, too large, or something else: never an exception', async () => {
    for (let length = 0; length < own.length; length += 1) expect(await verifyMolochReceipt(own.slice(0, length), network)).toMatchObject({ valid: false, step: 'format' });
    expect(await verifyMolochReceipt(new Uint8Array(MAX_RECEIPT + 1), network)).toMatchObject({ step: 'format', code: 'too-large' });
    expect(await verifyMolochReceipt(Uint8Array.of(1, 2, 3), network)).toMatchObject({ step: 'format', code: 'bad-magic' });
  });

  it('with any one bit changed', async () => {
    // Cheap: what is refused before a signature is checked is refused, and no signature is taken as valid but the right one.
    const good = decodeReceipt(own);
    expect(good.trusted).toHaveLength(1);
    for (let bit = 3; bit < 8 * own.length; bit += 97) {
      const copy = own.slice();
      copy[bit >> 3]! ^= 1 << (bit & 7);
      expect((await verifyMolochReceipt(copy, network)).valid).toBe(false);
    }
  });
});
