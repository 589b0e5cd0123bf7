import { StacksNet, type StacksNetOptions } from '../../../devnet/stacks/stacks-net.ts';
import { systemRandom } from '../../../src/base/system.ts';
import { stacksDriver } from '../../../src/chains/stacks/driver.ts';
import { checkStacksNetwork, type StacksNetwork } from '../../../src/chains/stacks/chain/network.ts';
import { resolveSettings } from '../../../src/engine/settings.ts';
import type { HeadEvent, LogEntry, Notice } from '../../../src/engine/view.ts';
import { fastClock } from '../fast-clock.ts';
import { verifyOnce } from './stacks-world.ts';

export const fast = fastClock(5);

/** A network with servers: cycles of 10 Bitcoin blocks, sets of 4 signers. */
export const serve = (options: StacksNetOptions = {}): Promise<StacksNet> => StacksNet.start({ cycleLength: 10, prepareLength: 4, signers: 4, ...options });

export interface FollowOptions {
  readonly memoryOnly?: boolean;
  readonly database?: string;
  readonly minPeers?: number;
}

/** A client of the network through the driver, with what it told. */
export async function follow(network: StacksNetwork, { memoryOnly = true, database = 'stacks-test', minPeers = 1 }: FollowOptions = {}) {
  const { client } = await stacksDriver.start({
    network: checkStacksNetwork(structuredClone(network)), memoryOnly, database, rtc: undefined, clock: fast, random: systemRandom, hub: 'test', verify: verifyOnce,
    settings: resolveSettings({ network: { minPeers, desiredPeers: 4 } }),
    notice: () => undefined,
  });
  const told = { heads: [] as HeadEvent[], notices: [] as Notice[], log: [] as LogEntry[] };
  client.events.on('head', (event) => told.heads.push(event));
  client.events.on('notice', (event) => told.notices.push(event));
  client.events.on('log', (event) => told.log.push(event));
  return { client, told };
}
