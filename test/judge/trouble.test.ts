import { afterEach, describe, expect, it } from 'vitest';
import type { EventOf } from '../../devnet/events.ts';
import { createDevnet, type CreateDevnetOptions, type Devnet } from '../../devnet/devnet.ts';
import { startNodeClient, type NodeClient } from '../support/node-client.ts';
import { expectAllLive, JUDGE_PEERS, OfficialClient, paceOf } from './official-client.ts';

/** Clients and networks that each test opened; closed in reverse order. */
let open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const { close } of open.toReversed()) await close();
  open = [];
});

async function troubled(options: CreateDevnetOptions): Promise<{ devnet: Devnet; official: OfficialClient }> {
  const devnet = await createDevnet({ port: 0, peers: JUDGE_PEERS, blockTime: 0, ...options });
  open.push(devnet);
  const official = await OfficialClient.start(devnet, 'pico');
  open.push({ close: () => official.close() });
  await official.established();
  return { devnet, official };
}

const hashesOf = (blocks: readonly { readonly hash: string }[]): readonly string[] => blocks.map(({ hash }) => hash);

/** Makes the next block and the branch that may come with it, at a pace that the official client accepts: see `followTo`. */
async function produceAtPace(devnet: Devnet): Promise<void> {
  const begun = performance.now();
  const made = await devnet.produce(1);
  await new Promise((resolve) => setTimeout(resolve, begun + paceOf(devnet) * made.length - performance.now()));
}

/** The devnet's branch changes, as hashes. */
function rebranches(devnet: Devnet): readonly { readonly reverted: readonly string[]; readonly adopted: readonly string[] }[] {
  return devnet.eventsOf('reverted').map(({ blocks, adopted }: EventOf<'reverted'>) => ({ reverted: hashesOf(blocks), adopted: hashesOf(adopted) }));
}

/** `npm run test:long` takes a thousand blocks: 80 s on an idle machine, several times that on a busy one. */
const BATCHES = process.env['PETREL_LONG'] === undefined ? 10 : 32;
/** More branch changes and withheld blocks than this: there are some nine and twenty in ten batches, and how many depends on when the peers meet. */
const TROUBLES = Math.floor(BATCHES / 5);

describe('in trouble', () => {
  it('the official client reports what the devnet adopted and reverted, block for block', async () => {
    const { devnet, official } = await troubled({ seed: 'judge trouble 3', skipEvery: 25, forkEvery: 7 });
    while (devnet.chain.head.height < 335) {
      await produceAtPace(devnet);
      await official.reached(devnet.chain.head.hash);
    }
    const expected = rebranches(devnet);
    expect(expected.length).toBeGreaterThan(8);
    expect(official.heads.filter(({ reverted }) => reverted.length > 0).map(({ reverted, adopted }) => ({ reverted, adopted }))).toEqual(expected);
    // Everything that was ever on the main chain, in the order in which it got there. The client reports a macro block twice.
    const main = devnet.log.flatMap((event) => {
      if (event.event === 'reverted') return [...hashesOf(event.adopted)];
      return event.event === 'block' && !event.side ? [event.hash] : [];
    });
    expect([...new Set(official.adopted)]).toEqual([...new Set(main)]);
    expect(official.heads.some(({ reverted, adopted }) => reverted.length > adopted.length)).toBe(true);
    expect(devnet.eventsOf('expelled')).toEqual([]);
  });

  it('Petrel and the official client have the same macro blocks for many batches, and the same head at the end', async () => {
    const { devnet, official } = await troubled({ seed: 'judge side by side', skipEvery: 40, forkEvery: 23, withhold: 0.06, validators: 4 });
    const ours: NodeClient = await startNodeClient({ network: devnet.network });
    open.push({ close: () => ours.close() });
    await ours.until('established', (client) => client.getStatus().consensus === 'established');
    const { policy } = devnet.chain;
    const last = policy.genesisNumber + BATCHES * policy.blocksPerBatch;
    const inStep = async (height: number): Promise<void> => {
      await official.reached(devnet.chain.at(height)!.hash);
      await ours.until(`macro block ${height}`, (client) => client.getHead().final.height >= height);
    };
    for (let height = policy.macroBlockAfter(policy.genesisNumber); height <= last; height += policy.blocksPerBatch) {
      while (devnet.chain.head.height < height) await produceAtPace(devnet);
      // Compares one batch behind, so that the test need not wait for the head round that finds a withheld macro block.
      if (height - policy.blocksPerBatch > policy.genesisNumber) await inStep(height - policy.blocksPerBatch);
    }
    await inStep(last);
    const macros = Array.from({ length: BATCHES }, (_, i) => devnet.chain.at(policy.macroBlockOf(i + 1))!.hash);
    // Both reported every macro block, in order; no block above a macro block was adopted before it.
    expect([...new Set(official.adopted)].filter((hash) => devnet.chain.byHash(hash)?.block.type === 'macro')).toEqual(macros);
    expect([...new Set(ours.heads.map(({ head }) => head.final.hash))].filter((hash) => hash !== devnet.network.genesisHash)).toEqual(macros);
    expect(devnet.eventsOf('reverted').length).toBeGreaterThan(TROUBLES);
    expect(devnet.eventsOf('withheld').length).toBeGreaterThan(TROUBLES);
    const { head } = devnet.chain;
    await official.reached(head.hash);
    await ours.until('the head', (client) => client.getHead().latest.hash === head.hash);
    expect(await official.ask()).toMatchObject({ height: head.height, hash: head.hash });
    await devnet.look();
    expectAllLive(devnet, 2);
    expect(devnet.eventsOf('expelled')).toEqual([]);
  }, 1_200_000);
});
