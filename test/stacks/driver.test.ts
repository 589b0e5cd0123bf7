import { StacksNet } from '../../devnet/stacks/stacks-net.ts';
import { stacksDriver } from '../../src/chains/stacks/driver.ts';
import { fastClock } from '../support/fast-clock.ts';
import { testDriver } from '../support/driver-compliance.ts';

/** Requests for blocks and headers. */
const isBlocks = (path: string) => /^\/v3\/(?:blocks\/|tenures\/[0-9a-f]{64})/u.test(path);

/** Gateways are polled each second; here five times as often. */
const fastDriver: typeof stacksDriver = { ...stacksDriver, start: (context) => stacksDriver.start({ ...context, clock: fastClock(5) }) };

testDriver(fastDriver, async () => {
  const net = await StacksNet.start({ gateways: 3, cycleLength: 10, prepareLength: 4, signers: 4 });
  return {
    parameters: net.network,
    head: () => ({ height: net.tip.height, hash: net.tip.id }),
    produce: async (n) => void net.produceBlocks(n),
    sent: () => net.log.all.filter(({ path }) => isBlocks(path)).length,
    lie: async () => net.fault(0, 'weight-69', { height: net.tip.height + 1 }),
    close: () => net.close(),
  };
}, { fewest: 6, isFollowed: true });
