import { describe, expect, it } from 'vitest';
import { itemOfVector, setOfBytes } from '../../../../test/support/hotstuff2/items.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { handOver, pinnedStanding } from './hand-over.ts';
import { hashOfSet } from './hash.ts';
import { checkLink, checkProposer } from './check-link.ts';
import { finalIndex } from './verify-finality.ts';
import { verifyQc } from './verify-qc.ts';

describe('hand-over of the vectors', () => {
  it.each(vectors.handover.cases)('$name: $expect', async ({ expect: wanted, sets: bytes, blocks, finalHeight }) => {
    const sets = new Map(bytes.map(setOfBytes).map((set) => [hashOfSet(set), set]));
    const items = blocks.map(itemOfVector);
    let standing = pinnedStanding(items[0]!.block.header);
    let verdict = 'ok';
    for (const [i, item] of items.slice(1).entries()) {
      const { header, qc } = item.block;
      expect(checkLink({ id: items[i]!.id, header: items[i]!.block.header }, header)).toBeUndefined();
      const next = handOver(standing, header);
      if (typeof next === 'string') {
        verdict = next;
        break;
      }
      standing = next;
      const set = sets.get(header.validators);
      const broken = set ? (checkProposer(header, set.keys.length) ?? (await verifyQc({ qc: qc!, hash: item.id, view: header.view, set }, verifyHere))) : 'set-unknown-bytes';
      if (broken) {
        verdict = broken;
        break;
      }
    }
    // The reference has one code for all that can be wrong with a certificate.
    expect(verdict.startsWith('qc') ? 'qc' : verdict).toBe(wanted);
    const final = items[finalIndex(items.map((it) => it.block.header.view))]!.height;
    expect(finalHeight ?? final).toBe(final);
  });
});

describe('hand-over', () => {
  const header = itemOfVector(vectors.n4.blocks[1]!).block.header;
  const next = 'b'.repeat(64);

  it('announces without an effect on a chain that stays with its set', () => {
    const standing = handOver(pinnedStanding(header), { ...header, view: header.view + 1, nextValidators: next });
    expect(standing).toMatchObject({ announcementFinal: false });
  });

  it('takes a pinned announcement as final', () => {
    const pinned = pinnedStanding({ ...header, nextValidators: next });
    expect(handOver(pinned, { ...header, validators: next, nextValidators: next })).toMatchObject({ announcementFinal: false });
  });

  it('lets a new set announce again one block later', () => {
    const switched = { ...header, validators: next, nextValidators: next };
    const again = handOver(pinnedStanding(switched), { ...switched, nextValidators: header.validators });
    expect(again).toMatchObject({ announcementFinal: false });
  });
});
