import { PeerFault } from '../../../engine/sync/sync-peer.ts';
import { decodeHeaderItem, decodeItem, type Hs2Item } from '../chain/hs2-block.ts';
import type { SyncAnswer } from '../wire/sync-answers.ts';
import { WireError } from '../wire/wire-error.ts';

/**
 * The blocks or headers of an answer, decoded: at least one, ascending from `from` without a gap, at most `count`. Throws `PeerFault` of weight `offence`:
 * `wrong-range`, or `malformed` for a block or a certificate that does not decode.
 */
export function checkBlocksAnswer(answer: Extract<SyncAnswer, { readonly type: 'blocks' | 'headers' }>, from: number, count: number): readonly Hs2Item[] {
  const wrong = (height: number) => new PeerFault('wrong-range', 'offence', { from, count, height });
  if (answer.from !== from) throw wrong(answer.from);
  if (answer.items.length > count) throw wrong(from + answer.items.length - 1);
  return answer.items.map(({ bytes, qc }, i) => {
    let item: Hs2Item;
    try {
      item = answer.type === 'blocks' ? decodeItem(bytes, qc) : decodeHeaderItem(bytes, qc);
    } catch (error) {
      if (error instanceof WireError) throw new PeerFault('malformed', 'offence', { height: from + i, reason: error.code });
      throw error;
    }
    if (item.height !== from + i) throw wrong(item.height);
    return item;
  });
}
