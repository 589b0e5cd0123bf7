// Tests: `src/engine/sync/sync-manager.test.ts`.
import { checkRun, rangeFault } from './check-items.ts';
import { AskFailed } from './peer-asker.ts';
import type { PeerAsker } from './peer-asker.ts';
import type { Fault, Item, SyncChain, Tip } from './sync-chain.ts';
import type { SyncConfig } from './sync-config.ts';
import { SyncError } from './sync-error.ts';
import type { SyncPeers } from './sync-peers.ts';

export interface FetchBlocksOptions<B> {
  readonly chain: SyncChain<B>;
  readonly peers: SyncPeers<B>;
  readonly asker: PeerAsker<B>;
  readonly config: SyncConfig;
  readonly headersOnly: boolean;
  readonly signal: AbortSignal;
}

/**
 * Fetches blocks and verifies structure, links and signatures; at the tip also the hash that is verified. Nothing is applied.
 * @throws SyncError `no-peers`, `retries-used-up`
 */
export async function fetchBlocks<B>(options: FetchBlocksOptions<B>, from: number, to: number): Promise<readonly Item<B>[]> {
  const { chain, peers, asker, config, headersOnly, signal } = options;
  const items: Item<B>[] = [];
  const failed = new Set<string>();
  let failures = 0;
  while (items.length < to - from + 1) {
    const next = from + items.length;
    const serving = peers.active.filter(({ claims }) => claims.earliest <= next && claims.height >= next);
    const peer = serving.find(({ id }) => !failed.has(id)) ?? serving[0];
    if (!peer) throw new SyncError('no-peers', `nobody serves block ${next}`, { height: next });
    const count = Math.min(config.blockBatchSize, to - next + 1);
    try {
      const { answer } = await asker.ask(peer, signal, (ask) => peer.getBlocks(next, count, { ...ask, headersOnly }), ({ size }) => size);
      const fault = await faultOf(options, answer.value, next, count, items.at(-1) ?? chain.tip());
      if (!fault) {
        items.push(...answer.value);
        asker.used(peer.id, answer.size);
        failures = 0;
        failed.clear();
        continue;
      }
      asker.blame(peer.id, fault);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskFailed)) throw error;
    }
    failed.add(peer.id);
    failures += 1;
    if (failures > config.retryAttempts) throw new SyncError('retries-used-up', `block ${next} failed ${failures} times`, { height: next, peers: Array.from(failed).join(', ') });
  }
  return items;
}

async function faultOf<B>({ chain, config, signal }: FetchBlocksOptions<B>, run: readonly Item<B>[], from: number, count: number, parent: Item<B> | Tip): Promise<Fault | undefined> {
  const fault = rangeFault(run, from, count) ?? checkRun(chain, run) ?? (parent.height + 1 === from ? chain.checkLink(parent, run[0]!) : undefined);
  if (fault) return fault;
  const tip = chain.tip();
  if (run.some(({ height, id }) => height === tip.height && id !== tip.id)) return { code: 'other-chain', weight: 'lie', data: { height: tip.height, expected: tip.id } };
  return chain.checkSignatures(run, { each: config.checkEachCertificate, signal });
}
