/**
 * Fetches the complete tenures of a cycle from several gateways, as a node does in its Confirmed mode (Stacks reference, 10): at most six at a time, each
 * request to one gateway, which rests for a minute after a failure. Every block is verified: transactions by their root, headers by hashes and signatures.
 * @module
 */
import { codeOf } from '../../../base/coded-error.ts';
import type { Clock } from '../../../base/clock.ts';
import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import { areOnlyNewestMissing, DownloadModes } from '../chain/download-mode.ts';
import { DownloaderSet, type DownloadRequest, type FinishedTenure } from '../chain/downloader-set.ts';
import { nakamotoHeight, type StacksNetwork } from '../chain/network.ts';
import { itemOfHeader } from '../chain/stacks-block.ts';
import { inventoryBits, TenureInventory } from '../chain/tenure-inventory.ts';
import { scheduleTenures } from '../chain/tenure-schedule.ts';
import { tenureStartEnds, type WantedTenure } from '../chain/wanted-tenures.ts';
import { inFlight } from './headers-down.ts';
import { NoAnswer } from './ask-gateways.ts';
import type { GatewayPeer } from './gateway-peer.ts';
import { fetchNewestTenures } from './inventory.ts';
import { fetchRequest } from './prove-target.ts';
import { refused } from './read-state.ts';
import { faultOf } from './run-rules.ts';
import type { StacksChain } from './stacks-chain.ts';

export interface DownloadOptions {
  readonly chain: StacksChain;
  readonly network: StacksNetwork;
  readonly clock: Clock;
  readonly peers: readonly GatewayPeer[];
  /** Newest tenures of the cycle that are fetched. */
  readonly most: number;
}

export interface DownloadedTenures {
  /** Tenures that are whole, and blocks and transactions in them. */
  readonly tenures: number;
  readonly blocks: number;
  readonly transactions: number;
  /** Tenures that were left out because the signers of their cycle, or of the next one, are not proven. */
  readonly gated: number;
  /** Whether the block that ends the newest of them is one of the chain that is followed here, so that hashes bind all of them to it. */
  readonly linked: boolean;
}

export const noTenures: DownloadedTenures = { tenures: 0, blocks: 0, transactions: 0, gated: 0, linked: false };

interface Sources {
  readonly wanted: readonly WantedTenure[];
  readonly next: readonly WantedTenure[];
  readonly inventories: ReadonlyMap<string, TenureInventory>;
}

/** Rejects with `NoAnswer` when no gateway is left that can be asked, or with the signal's reason. */
export async function downloadTenures(cycle: number, options: DownloadOptions, ask: AskOptions): Promise<DownloadedTenures> {
  const { chain, network, clock, peers, most } = options;
  const { wanted, next, inventories } = await sourcesOf(cycle, options, ask);
  const has = (burnHeight: number) => Array.from(inventories.values()).some((inventory) => inventory.has(burnHeight));
  // Blocks before the checkpoint's cannot be judged.
  const all = tenureStartEnds(wanted, next, has, network).filter(({ burnHeight }) => burnHeight > network.checkpoint.burnHeight).slice(-most);
  const done = new Map<string, FinishedTenure>();
  const isProcessed = (tenureId: string) => done.has(tenureId);
  const firstNakamotoHeight = nakamotoHeight(network.epochs)!;
  const schedule = () => scheduleTenures([], all, {
    firstNakamotoHeight, isProcessed, isInitialDownload: true,
    hasSignerSet: (it) => chain.cycles.has(it),
    servedBy: (burnHeight) => peers.flatMap(({ id }) => (inventories.get(id)?.has(burnHeight) ? [id] : [])),
  });
  const downloads = new DownloaderSet();
  const modes = new DownloadModes();
  const running = new Set<Promise<void>>();
  let reason = 'failed';
  const one = async ({ tenureId, peer: id, request }: DownloadRequest): Promise<void> => {
    const peer = peers.find((it) => it.id === id)!;
    try {
      const blocks = await fetchRequest(peer.gateway, request, ask);
      const outcome = downloads.receive(tenureId, id, blocks, clock.monotonic());
      if (!outcome) return;
      const fault = outcome.ok ? await faultOfFirst(outcome.verify[0], chain, ask) : faultOf(outcome.code, { height: blocks[0]?.header.chainLength ?? 0, id: tenureId });
      // Another gateway may have shown the set by a later block than it had to.
      if (fault?.code === 'order') throw refused('a tenure below the block that shows its signers');
      if (fault) throw new PeerFault(fault.code, fault.weight, fault.data);
      const finished = downloads.confirm(tenureId);
      if (finished) done.set(tenureId, finished);
    } catch (error) {
      if (ask.signal.aborted) return;
      reason = codeOf(error);
      downloads.fail(tenureId, id, clock.monotonic());
      if (error instanceof PeerFault) peer.fault({ code: error.code, weight: error.weight, data: error.data });
    }
  };
  for (;;) {
    ask.signal.throwIfAborted();
    const scheduled = schedule();
    downloads.fill(scheduled);
    modes.step(clock.monotonic(), { open: downloads.size, scheduled: scheduled.length, isOnlyNewestMissing: () => areOnlyNewestMissing([...wanted, ...next], has, (tenureId) => isProcessed(tenureId) || !all.some((it) => it.tenureId === tenureId)) });
    if (modes.mode === 'Unconfirmed' || (scheduled.length === 0 && downloads.size === 0)) break;
    for (const request of downloads.poll(clock.monotonic())) {
      const work: Promise<void> = one(request).finally(() => running.delete(work));
      running.add(work);
    }
    // All gateways that have what is missing rest.
    if (running.size === 0) throw new NoAnswer(reason);
    await Promise.race(running);
  }
  return resultOf(all.length, Array.from(done.values()), chain);
}

function resultOf(all: number, done: readonly FinishedTenure[], chain: StacksChain): DownloadedTenures {
  const newest = done.reduce<FinishedTenure | undefined>((last, it) => (last && last.tenure.burnHeight > it.tenure.burnHeight ? last : it), undefined);
  // The end block is the first of the next tenure.
  const blocks = done.flatMap((it) => it.blocks.slice(0, -1));
  chain.certifier.count({ headers: blocks.length });
  return {
    tenures: done.length, blocks: blocks.length, transactions: blocks.reduce((sum, { transactions }) => sum + transactions.length, 0),
    gated: all - done.length, linked: newest !== undefined && chain.holds(newest.tenure.endBlockId),
  };
}

/** The inventories of all gateways that have one, and the sortitions as the first of them tells them. */
async function sourcesOf(cycle: number, { network, peers, most }: DownloadOptions, ask: AskOptions): Promise<Sources> {
  const inventories = new Map<string, TenureInventory>();
  let sortitions: Pick<Sources, 'wanted' | 'next'> | undefined;
  let reason = 'failed';
  await inFlight(peers, async ({ id, gateway }) => {
    try {
      const tenures = await fetchNewestTenures(gateway, cycle, most, network, ask);
      const inventory = new TenureInventory(network);
      for (const [of, wanted] of [[cycle, tenures.wanted], [cycle + 1, tenures.next]] as const) {
        const started = new Set(wanted.map(({ burnHeight }) => burnHeight));
        inventory.replace(of, inventoryBits(of, Infinity, (height) => started.has(height), network));
      }
      inventories.set(id, inventory);
      sortitions ??= tenures;
    } catch (error) {
      ask.signal.throwIfAborted();
      reason = codeOf(error);
    }
  });
  if (!sortitions) throw new NoAnswer(reason);
  return { ...(sortitions as Pick<Sources, 'wanted' | 'next'>), inventories };
}

async function faultOfFirst(first: { readonly header: Parameters<typeof itemOfHeader>[0]; readonly cycle: number } | undefined, chain: StacksChain, { signal }: AskOptions) {
  if (!first) return undefined;
  const item = itemOfHeader(first.header, undefined);
  const code = await chain.certifier.certify(item, first.cycle, signal);
  return code && faultOf(code, item);
}
