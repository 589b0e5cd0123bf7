import type { Hash } from '../../../base/hash.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { PeerFault, type AskOptions, type Sized } from '../../../engine/sync/sync-peer.ts';
import { blockId } from '../chain/hash.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import type { Gateway } from './gateway.ts';

/** Blocks of one walk at most: a few tenures of the main network, and at most as many requests. */
const MAX_WALK = 256;
/** Blocks of a walk up to which each header is asked for alone: not more requests than by tenures, and without the transactions. */
const BY_HEADERS = 4;

/**
 * Headers of the heights from `from` on, ascending without a gap, at most `count` and at most 256: from the block at the top of the range back by parent ids. A few are asked
 * for one by one, more by tenures. The gateway is told where to stop; whatever it sends below that is dropped. `tipHeight`: of its newest block. Rejects
 * with `RequestError` (`refused` for a height that it does not have), `PeerFault`, or the signal's reason.
 */
export async function walkBack(gateway: Gateway, from: number, count: number, tipHeight: number, options: AskOptions): Promise<Sized<readonly NakamotoHeader[]>> {
  const top = Math.min(from + Math.min(count, MAX_WALK) - 1, Math.max(tipHeight, from));
  const wanted = top - from + 1;
  const [newest, below] = await Promise.all([gateway.headerAt(top, options), from > 1 && wanted > BY_HEADERS ? gateway.headerAt(from - 1, options) : undefined]);
  if (!newest) throw new RequestError('refused', `no block at height ${top}`, { height: top });
  const stop = below && blockId(below.value);
  let size = newest.size + (below?.size ?? 0);
  const headers = [newest.value];
  while (headers.length < wanted) {
    const { parentBlockId } = headers.at(-1)!;
    const answer = await (wanted > BY_HEADERS ? tenureHeaders(gateway, parentBlockId, stop, options) : oneHeader(gateway, parentBlockId, options));
    if (!answer) throw new RequestError('refused', 'a block of the range is missing', { height: top - headers.length });
    size += answer.size;
    for (const header of answer.value.slice(0, wanted - headers.length)) {
      const height = top - headers.length;
      if (header.chainLength !== height) throw new PeerFault('wrong-height', 'offence', { asked: height, got: header.chainLength });
      headers.push(header);
    }
  }
  return { value: headers.toReversed(), size };
}

async function tenureHeaders(gateway: Gateway, from: Hash, stop: Hash | undefined, options: AskOptions): Promise<Sized<readonly NakamotoHeader[]> | undefined> {
  const answer = await gateway.tenure(from, stop, options);
  return answer && { value: answer.value.map(({ header }) => header), size: answer.size };
}

async function oneHeader(gateway: Gateway, id: Hash, options: AskOptions): Promise<Sized<readonly NakamotoHeader[]> | undefined> {
  const answer = await gateway.header(id, options);
  return answer && { value: [answer.value], size: answer.size };
}
