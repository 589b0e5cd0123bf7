/**
 * Fetches the blocks of epoch 2.x of a cycle from several gateways, by the machine with a cursor of sortition heights that a node has for them (Stacks reference, 11). Headers are linked by
 * hash from the network file; a block counts if it has such a header, and the transactions of its root.
 * @module
 */
import { codeOf } from '../../../base/coded-error.ts';
import type { Clock } from '../../../base/clock.ts';
import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import { checkTransactions } from '../chain/block-rules.ts';
import { firstHeightOf } from '../chain/cycles.ts';
import type { StacksCycleCheck, StacksEpoch2Header } from '../chain/details.ts';
import { Epoch2Downloads, type Epoch2DownloadContext, type Epoch2Request } from '../chain/epoch2-downloads.ts';
import { nakamotoHeight, type StacksNetwork } from '../chain/network.ts';
import { NoAnswer } from './ask-gateways.ts';
import { MAX_EPOCH2_HEADERS, type Epoch2HeaderReader } from './epoch2-headers.ts';
import type { GatewayPeer } from './gateway-peer.ts';
import { inFlight } from './headers-down.ts';
import { refused } from './read-state.ts';
import { walkTenures, winnerAt, type WalkedTenure } from './walk-tenures.ts';

export interface Epoch2DownloadOptions {
  readonly network: StacksNetwork;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly headers: Pick<Epoch2HeaderReader, 'newest'>;
  readonly peers: readonly Pick<GatewayPeer, 'id' | 'gateway' | 'fault'>[];
  /** Newest blocks of the cycle that are fetched. */
  readonly most: number;
}

/** A sortition with a block, by its consensus hash, as gateways tell it. */
interface Told {
  /** Bitcoin height, as the first of them says. */
  readonly burnHeight: number;
  readonly sources: readonly string[];
}

/** Whether blocks of epoch 2.x are among a cycle. */
export function hasEpoch2(cycle: number, network: StacksNetwork): boolean {
  return firstHeightOf(cycle, network) < nakamotoHeight(network.epochs)!;
}

/** Rejects with `NoAnswer` when no gateway is left that can be asked, as `Epoch2HeaderReader`, or with the signal's reason. */
export async function downloadEpoch2(cycle: number, options: Epoch2DownloadOptions, ask: AskOptions): Promise<NonNullable<StacksCycleCheck['epoch2']>> {
  const { network, clock, headers, peers } = options;
  const first = firstHeightOf(cycle, network);
  const nakamoto = nakamotoHeight(network.epochs)!;
  const told = await toldBy(cycle, options, ask);
  // A Bitcoin block has one block at most.
  const linked = await headers.newest(Math.min(MAX_EPOCH2_HEADERS, nakamoto - first), peers as readonly GatewayPeer[], ask);
  const wanted = new Map<number, StacksEpoch2Header>();
  for (const header of linked.headers) {
    const burnHeight = told.get(header.consensusHash)?.burnHeight;
    if (burnHeight !== undefined && !wanted.has(burnHeight)) wanted.set(burnHeight, header);
  }
  const sum = { blocks: 0, transactions: 0, unlinked: told.size - wanted.size };
  const downloads = new Epoch2Downloads(first);
  const context: Epoch2DownloadContext = {
    lastHeight: lastOf(cycle, network), isWanted: (burnHeight) => wanted.has(burnHeight), servedBy: (burnHeight) => told.get(wanted.get(burnHeight)!.consensusHash)!.sources,
  };
  const running = new Set<Promise<void>>();
  let reason = 'failed';
  const one = async ({ burnHeight, source }: Epoch2Request): Promise<void> => {
    const peer = peers.find(({ id }) => id === source)!;
    try {
      const count = await countOf(peer, wanted.get(burnHeight)!, ask);
      sum.transactions += count;
      sum.blocks += 1;
      wanted.delete(burnHeight);
      downloads.onBlock(burnHeight);
    } catch (error) {
      if (ask.signal.aborted) return;
      reason = codeOf(error);
      downloads.onFailure(burnHeight, clock.monotonic());
      if (error instanceof PeerFault) peer.fault({ code: error.code, weight: error.weight, data: error.data });
    }
  };
  for (;;) {
    ask.signal.throwIfAborted();
    for (const request of downloads.poll(clock.monotonic(), context)) {
      const work: Promise<void> = one(request).finally(() => running.delete(work));
      running.add(work);
    }
    if (downloads.state(context) === 'Done') return sum;
    // All gateways that have what is missing are banned.
    if (running.size === 0) throw new NoAnswer(reason);
    await Promise.race(running);
  }
}

/** The last Bitcoin height of a cycle before Nakamoto. */
function lastOf(cycle: number, network: StacksNetwork): number {
  return Math.min(firstHeightOf(cycle + 1, network), nakamotoHeight(network.epochs)!) - 1;
}

/** Transactions of a block that has the header. Rejects as the gateway's methods do, with `refused` for no block, and with `PeerFault`. */
async function countOf({ gateway }: Pick<GatewayPeer, 'gateway'>, { id, consensusHash, height }: StacksEpoch2Header, ask: AskOptions): Promise<number> {
  const block = (await gateway.epoch2Block({ id, consensusHash }, ask))?.value;
  if (!block) throw refused(`no block ${id}`);
  const broken = checkTransactions(block);
  if (broken) throw new PeerFault(broken, 'lie', { height, hash: id });
  return block.transactions.length;
}

/** Derived from each gateway's replies, one GET a sortition with a winner. Rejects with `NoAnswer` if no gateway tells anything. */
async function toldBy(cycle: number, { network, peers, most }: Epoch2DownloadOptions, ask: AskOptions): Promise<ReadonlyMap<string, Told>> {
  const from = firstHeightOf(cycle, network);
  const last = lastOf(cycle, network);
  const told = new Map<string, Told>();
  let reason: string | undefined = 'failed';
  await inFlight(peers, async ({ id, gateway }) => {
    try {
      let found = 0;
      const isLast = ({ burnHeight, start }: WalkedTenure) => burnHeight <= from || (start !== undefined && (found += 1) >= most);
      const { tenures } = await walkTenures(gateway, await winnerAt(gateway, last, ask), { ...ask, most: network.cycleLength, isLast });
      for (const { tenureId, burnHeight, start } of tenures) {
        if (start === undefined || burnHeight < from || burnHeight > last) continue;
        const known = told.get(tenureId);
        told.set(tenureId, { burnHeight: known?.burnHeight ?? burnHeight, sources: [...(known?.sources ?? []), id] });
      }
      reason = undefined;
    } catch (error) {
      ask.signal.throwIfAborted();
      reason &&= codeOf(error);
    }
  });
  if (reason !== undefined) throw new NoAnswer(reason);
  return told;
}
