import '../../../src/network/node-web-socket.ts';
import { expect, vi } from 'vitest';
import type { HotStuff2Net } from '../../../devnet/hotstuff2/hotstuff2-net.ts';
import { toHex } from '../../../src/base/bytes.ts';
import { systemClock, systemRandom } from '../../../src/base/system.ts';
import { checkHotStuff2Network } from '../../../src/chains/hotstuff2/chain/network.ts';
import { parametersHash } from '../../../src/chains/hotstuff2/chain/parameters-hash.ts';
import { openHotStuff2, type FollowedHotStuff2 } from '../../../src/chains/hotstuff2/client/open-hotstuff2.ts';
import { FollowClient } from '../../../src/engine/follow/follow-client.ts';
import { followLog } from '../../../src/engine/follow/follow-log.ts';
import { resolveSettings } from '../../../src/engine/settings.ts';
import { syncConfig } from '../../../src/engine/sync/default-sync-config.ts';
import type { SyncConfig } from '../../../src/engine/sync/sync-config.ts';
import type { HeadEvent, HeadView } from '../../../src/engine/view.ts';
import { MemoryRows } from '../../../src/storage/memory-rows.ts';
import { OwnedRows } from '../../../src/storage/owned-rows.ts';
import { verifyHere } from '../verify-here.ts';

export interface FollowOptions {
  readonly sync?: Partial<SyncConfig>;
  /** What an earlier client has stored. */
  readonly rows?: MemoryRows;
  /** The replicas that are dialled; default: all. */
  readonly replicas?: readonly number[];
  readonly storageCap?: number;
  /** Height of a block that the network file pins. */
  readonly pinned?: number;
  /** Stands between the client and the chain. */
  readonly wrap?: (chain: FollowedHotStuff2) => FollowedHotStuff2;
}

/** A client that follows a local network, with what it told. */
export async function followNet(net: HotStuff2Net, { sync, rows = new MemoryRows(), replicas, storageCap = 50_000_000, pinned, wrap = (it) => it }: FollowOptions = {}) {
  const { seeds, ...rest } = net.network;
  const block = pinned === undefined ? undefined : net.replicas[0]!.store.final[pinned]!;
  const pin = block && { pinned: { header: toHex(block.headerBytes), validators: rest.validators } };
  const network = checkHotStuff2Network({ ...rest, ...pin, seeds: replicas ? replicas.map((index) => seeds[index]!) : seeds });
  const owned = new OwnedRows(rows, parametersHash(network));
  await owned.takeFencing();
  const { log, events, started } = followLog(systemClock, 500);
  // On a loaded machine a shorter deadline ends a good peer's request, and what it was asked for is asked for again.
  const config = syncConfig({ peerTimeout: 120_000, connectionTimeout: 120_000, ...sync });
  const chain = wrap(await openHotStuff2(owned, { network, clock: systemClock, verify: verifyHere, log, sync: config, storageCap }));
  const settings = resolveSettings({ network: { minPeers: 1 } });
  const client = new FollowClient({
    chain, log, events, clock: systemClock, random: systemRandom, settings, sync: config, seeds: network.seeds, blockTime: undefined, refusal: () => undefined,
  });
  const heads: HeadEvent[] = [];
  events.on('head', (event) => heads.push(event));
  started();
  client.start();
  const banned = () => client.getPeers().flatMap(({ state, address, reason }) => (state === 'banned' ? [[network.seeds.indexOf(String(address)), reason?.code]] : []));
  return { client, chain: chain.chain, heads, rows, log, banned, close: () => client.close() };
}

export type Following = Awaited<ReturnType<typeof followNet>>;

/** The newest certified block of the network, as replica `index` has it. */
export function networkHead(net: HotStuff2Net, index = 0): { readonly height: number; readonly hash: string } {
  const chain = net.chains[index]!;
  const { header, hash } = chain.at(chain.tipHeight)!;
  return { height: header.height, hash };
}

/** Waits until the client has the network's newest final block, and the state of it. */
export async function isAtFinal(net: HotStuff2Net, { client, chain }: Following, index = 0): Promise<void> {
  await vi.waitFor(() => {
    const served = net.chains[index]!;
    const { hash, header } = served.at(served.finalHeight)!;
    expect(client.getHead().final).toMatchObject({ height: header.height, hash, finality: 'final' });
    expect(chain.state?.root()).toBe(header.stateRoot);
  }, { interval: 20 });
}

/** Every height that was told as adopted and not reverted again, ascending. */
export function keptHeights(heads: readonly HeadEvent[]): readonly number[] {
  const kept: HeadView[] = [];
  for (const { adopted, reverted } of heads) {
    for (const { hash } of reverted) kept.splice(kept.findIndex((it) => it.hash === hash), 1);
    kept.push(...adopted);
  }
  return kept.map(({ height }) => height);
}
