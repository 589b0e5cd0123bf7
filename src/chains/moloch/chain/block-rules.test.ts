import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../base/bytes.ts';
import { blockAfter, eventOf, makeChain } from '../../../../test/support/moloch-chain-maker.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { decodeBlock } from '../wire/block.ts';
import { decodeEvent } from '../wire/event.ts';
import { checkAttestation, checkAttestations, checkEvents, checkEventTimes, checkLeafRule, checkParent, MAX_EVENT_LEAD } from './block-rules.ts';
import { appendLeaf, NO_PEAKS } from './mmr.ts';
import { itemOf } from './moloch-block.ts';
import { checkSeal } from './trusted-header-rules.ts';
import { verifySignature } from './verify-signature.ts';

const signal = new AbortController().signal;
const parentOf = ({ item }: { readonly item: { readonly height: number; readonly id: string } }) => ({ height: item.height, id: item.id, time: undefined });

describe('vectors: blocks', () => {
  it('the chain of 24 passes every rule', async () => {
    let peaks = NO_PEAKS;
    let parent: { height: number; id: string; time: number } | undefined;
    for (const { blockBytes } of molochVectors.blocks) {
      const block = { ...decodeBlock(fromHex(blockBytes)), signatures: [] };
      const item = itemOf(block, blockBytes.length / 2);
      expect(checkEvents(block)).toBeUndefined();
      expect(parent && checkParent(parent, item)).toBeUndefined();
      expect(checkLeafRule(block.header, peaks)).toBeUndefined();
      expect(await checkSeal(block.header, verifySignature)).toBeUndefined();
      expect(await checkAttestations(block, verifySignature, signal)).toBeUndefined();
      peaks = appendLeaf(peaks, item.id);
      parent = { height: item.height, id: item.id, time: block.header.time };
    }
  });
});

describe('the rules of a block', () => {
  const [, one, two] = makeChain(2) as [ReturnType<typeof blockAfter>, ReturnType<typeof blockAfter>, ReturnType<typeof blockAfter>];

  it('the events are those of the header: number, order and content', () => {
    const { block } = two.item;
    expect(checkEvents({ ...block, events: [] })?.code).toBe('events-count');
    expect(checkEvents({ ...block, events: [eventOf(9)] })?.code).toBe('events-root');
    expect(checkEvents({ ...block, events: undefined })).toBeUndefined();
    const both = blockAfter(one, { events: [eventOf(1), eventOf(2)] }).item.block;
    expect(checkEvents({ ...both, events: both.events!.toReversed() })?.code).toBe('events-root');
  });

  it('hole 2, headerGap: a header whose parent is missing is refused, however many sign it', () => {
    expect(molochVectors.headerGap).toMatchObject({ addedHeight5WithoutParent: true, finalizedHeight: 5 });
    const chain = makeChain(5);
    expect(checkParent(parentOf(chain[1]!), chain[5]!.item)?.code).toBe('height-gap');
    expect(checkParent(parentOf(chain[4]!), chain[5]!.item)).toBeUndefined();
  });

  it('the parent hash and the time fit', () => {
    const other = blockAfter(one, { branch: 'b' });
    const child = blockAfter(other);
    expect(checkParent(parentOf(two), child.item)?.code).toBe('other-parent');
    const early = blockAfter(one, { time: one.item.block.header.time - 1 });
    expect(checkParent({ ...parentOf(one), time: one.item.block.header.time }, early.item)?.code).toBe('time-before-parent');
    const same = blockAfter(one, { time: one.item.block.header.time });
    expect(checkParent({ ...parentOf(one), time: one.item.block.header.time }, same.item)).toBeUndefined();
  });

  it('holes 6 and 7: the root is over the hashes of the blocks before, neither filled by nobody nor over the block itself', () => {
    expect(checkLeafRule(two.item.block.header, one.peaks)).toBeUndefined();
    expect(checkLeafRule(two.item.block.header, two.peaks)?.code).toBe('mmr-root');
    const empty = blockAfter(one, { header: { mmrRoot: '00'.repeat(32) } });
    expect(checkLeafRule(empty.item.block.header, one.peaks)?.code).toBe('mmr-root');
  });

  it('a genesis has no parent', () => {
    expect(checkEvents(blockAfter(undefined, { header: { parent: '11'.repeat(32) } }).item.block)?.code).toBe('genesis-parent');
  });

  it('an event may be at most five minutes ahead of the clock', () => {
    const { block } = two.item;
    const { time } = block.events![0]!;
    expect(checkEventTimes(block, time - MAX_EVENT_LEAD)).toBeUndefined();
    expect(checkEventTimes(block, time - MAX_EVENT_LEAD - 1)?.code).toBe('event-from-future');
  });
});

describe('attestations', () => {
  it('the links of the vectors sign the signature before them', async () => {
    const events = molochVectors.events.map(({ bytes }) => decodeEvent(fromHex(bytes)));
    const linked = events.filter(({ attestation }) => attestation.chain.length > 0);
    expect(linked.length).toBeGreaterThan(0);
    for (const event of linked) {
      expect(await checkAttestation(event, verifySignature)).toBeUndefined();
      const { attestation } = event;
      const swapped = { ...event, attestation: { ...attestation, chain: [attestation.chain.at(-1)!, ...attestation.chain.slice(0, -1)] } };
      expect((await checkAttestation(swapped, verifySignature))?.code).toBe(attestation.chain.length > 1 ? 'bad-attestation' : undefined);
      const bad = { ...event, outcome: { kind: 'Denied' as const, reason: 'changed' } };
      expect(await checkAttestation(bad, verifySignature)).toMatchObject({ code: 'bad-attestation', data: { link: 0 } });
    }
  });

  it('one bad event of a block is named', async () => {
    const good = eventOf(1);
    const bad = { ...eventOf(2), metadata: Uint8Array.of(1) };
    const { block } = blockAfter(undefined, { events: [good, bad] }).item;
    expect(await checkAttestations(block, verifySignature, signal)).toMatchObject({ code: 'bad-attestation', data: { height: 0 } });
  });

  it('stops when it is told to', async () => {
    const { block } = blockAfter(undefined, { events: [eventOf(1)] }).item;
    await expect(checkAttestations(block, verifySignature, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
