import { RequestError } from '../../../engine/peers/peer-net.ts';
import { PeerFault, type AskOptions, type Sized } from '../../../engine/sync/sync-peer.ts';
import { blockId } from '../chain/hash.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import type { Gateway } from './gateway.ts';

/** Blocks of one walk at most: a few tenures of the main network, and at most as many requests. */
const MAX_WALK = 256;

/**
 * Headers of the heights from `from` on, ascending without a gap, at most `count` and at most 256: from the block at the top of the range back by parent ids. The gateway is
 * told where to stop; whatever it sends below that is dropped. `tipHeight`: of its newest block. Rejects with `RequestError` (`refused` for a height that it
 * does not have), `PeerFault`, or the signal's reason.
 */
export async function walkBack(gateway: Gateway, from: number, count: number, tipHeight: number, options: AskOptions): Promise<Sized<readonly NakamotoHeader[]>> {
  const top = Math.min(from + Math.min(count, MAX_WALK) - 1, Math.max(tipHeight, from));
  const [newest, below] = await Promise.all([required(gateway, top, options), from > 1 && top > from ? gateway.headerAt(from - 1, options) : undefined]);
  const stop = below && blockId(below.value);
  let size = newest.size + (below?.size ?? 0);
  const headers = [newest.value];
  while (headers.length <= top - from) {
    const { parentBlockId } = headers.at(-1)!;
    const answer = await gateway.tenure(parentBlockId, stop, options);
    if (!answer) throw new RequestError('refused', 'a block of the range is missing', { height: top - headers.length });
    size += answer.size;
    for (const { header } of answer.value) {
      const height = top - headers.length;
      if (height < from) break;
      if (header.chainLength !== height) throw new PeerFault('wrong-height', 'offence', { asked: height, got: header.chainLength });
      headers.push(header);
    }
  }
  return { value: headers.reverse(), size };
}

async function required(gateway: Gateway, height: number, options: AskOptions): Promise<Sized<NakamotoHeader>> {
  const answer = await gateway.headerAt(height, options);
  if (!answer) throw new RequestError('refused', `no block at height ${height}`, { height });
  return answer;
}
