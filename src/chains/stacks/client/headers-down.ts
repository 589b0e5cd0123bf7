// Tests: `src/chains/stacks/client/gateway-peer.test.ts`.
/**
 * Headers below a known one: asked for by height, several at a time, and bound by hashes to it.
 * @module
 */
import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import { itemOfHeader, type StacksItem } from '../chain/stacks-block.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import type { Gateway } from '../net/gateway.ts';
import { refused } from './read-state.ts';

/** Requests of one kind in flight at a gateway: a browser opens as many connections to a host. */
const IN_FLIGHT = 6;

type Asked = Pick<Gateway, 'headerAt' | 'header'>;

/**
 * The headers from `from` up to the parent of `known`, ascending; `known` is among them, as the last. Where the gateway's block at a height is on another
 * branch, it is asked for by id. Rejects with `refused` if it has one of them not.
 */
export async function headersDown(gateway: Asked, known: StacksItem, from: number, ask: AskOptions): Promise<readonly StacksItem[]> {
  const down: StacksItem[] = [known];
  while (down.at(-1)!.height > from) {
    const above = down.at(-1)!;
    const heights = Array.from({ length: Math.min(IN_FLIGHT, above.height - from) }, (_, i) => above.height - 1 - i);
    const headers = await Promise.all(heights.map(async (height) => (await gateway.headerAt(height, ask))?.value));
    for (const [i, header] of headers.entries()) await take(gateway, down, heights[i]!, header, ask);
  }
  return down.toReversed();
}

async function take(gateway: Asked, down: StacksItem[], height: number, byHeight: NakamotoHeader | undefined, ask: AskOptions): Promise<void> {
  const { parent } = down.at(-1)!;
  let item = byHeight && itemOfHeader(byHeight, undefined);
  if (item?.id !== parent) {
    const header = (await gateway.header(parent, ask))?.value;
    if (!header) throw refused(`no header ${parent}`);
    item = itemOfHeader(header, undefined);
  }
  if (item.id !== parent || item.height !== height) throw new PeerFault('height', 'lie', { height, hash: parent });
  down.push(item);
}

/** Results of work on each value in order, at most `IN_FLIGHT` at a time. */
export async function inFlight<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < values.length; at += IN_FLIGHT) results.push(...(await Promise.all(values.slice(at, at + IN_FLIGHT).map(work))));
  return results;
}
