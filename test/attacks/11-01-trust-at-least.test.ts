import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/system.ts';
import { startNodeClient, type NodeClient, type NodeClientOptions } from '../support/node-client.ts';

let devnet: Devnet;
let client: NodeClient | undefined;
beforeEach(async () => {
  devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'names', epochs: 2 });
  await devnet.produce(5);
});
afterEach(async () => {
  await client?.close();
  client = undefined;
  await devnet.close();
});

async function start(options: Partial<NodeClientOptions> = {}): Promise<NodeClient> {
  client = await startNodeClient({ network: devnet.network, ...options });
  await client.until('established', (it) => it.getStatus().consensus === 'established');
  return client;
}

/** Milliseconds that no other timer of these tests takes, and no test waits for. */
const LONG = 600_000;

/** The host's clock; on command `LONG` passes at once. */
function clockWithLeap() {
  let leapt = 0;
  const waiting = new Set<() => void>();
  const clock: Clock = {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() + leapt,
    after: (ms, callback) => {
      if (ms < LONG / 2) return systemClock.after(ms, callback);
      waiting.add(callback);
      return () => void waiting.delete(callback);
    },
  };
  const leap = () => {
    leapt += LONG;
    for (const callback of waiting) callback();
  };
  return { clock, leap };
}

describe('issue 11.1, in the whole client', () => {
  it('counts the seeds of one operator in the network file as one witness', async () => {
    const seeds = devnet.network.seeds.map((address, index) => ({ address, operator: index === 0 ? 'one' : 'two' }));
    const { clock, leap } = clockWithLeap();
    client = await startNodeClient({ network: { ...devnet.network, seeds }, clock, settings: { witnessWait: LONG } });
    const { client: it, notices, until } = client;
    // However late its peers answer on a slow machine, the client has heard both operators when its wait ends.
    await until('both operators', (one) => one.getStatus().reason?.code === 'few-networks' && one.getStatus().reason?.data['networks'] === 2);
    leap();
    await until('established', (one) => one.getStatus().consensus === 'established');
    const { anchor, onlyNames } = it.getTrust();
    expect(anchor.witnesses.map(({ subnet }) => subnet).toSorted()).toEqual(['operator:one', 'operator:two']);
    expect(anchor).toMatchObject({ kind: 'witnesses', fewWitnesses: true });
    expect(onlyNames).toBe(false);
    expect(notices.map(({ code }) => code)).toContain('few-witnesses');
  });

  it('with `trustAtLeast` establishes consensus only after the proof, and says what it waits for', async () => {
    // `prove` is off in these tests. The client turns it on here, because otherwise it would never reach the level.
    const { client: it, trusts } = await start({ settings: { trustAtLeast: 'proven' } });
    expect(it.getTrust().level).toBe('proven');
    expect(trusts.some(({ level }) => level === 'witnessed')).toBe(true);
  });

  it('without a proof keeps waiting, and says so', async () => {
    client = await startNodeClient({ network: devnet.network, settings: { trustAtLeast: 'proven' }, sync: { prove: false } });
    await client.until('waits', (it) => it.getStatus().reason?.code === 'trust-too-low');
    const { phase, consensus, reason } = client.client.getStatus();
    expect({ phase, consensus, reason }).toEqual({ phase: 'live-sync', consensus: 'connecting', reason: { code: 'trust-too-low', data: { level: 'witnessed', wanted: 'proven' } } });
    // The client follows the head meanwhile.
    await client.until('head', (it) => it.getHead().latest.hash === devnet.chain.head.hash);
  });
});
