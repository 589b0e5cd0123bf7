import '../../src/network/node-web-socket.ts';
import { createDevnet } from '../../devnet/devnet.ts';
import { albatrossDriver } from '../../src/chains/albatross/driver.ts';
import { testDriver } from '../support/driver-compliance.ts';

testDriver(albatrossDriver, async () => {
  const devnet = await createDevnet({ port: 0, peers: 4, blockTime: 0, seed: 'driver' });
  // Two epochs and a batch; it ends between two macro blocks.
  await devnet.produce(300);
  return {
    parameters: devnet.network,
    head: () => ({ height: devnet.chain.head.height, hash: devnet.chain.head.hash }),
    produce: async (n) => void (await devnet.produce(n)),
    sent: () => devnet.eventsOf('request').reduce((sum, { blocks }) => sum + (blocks?.length ?? 0), 0),
    lie: async () => void (await devnet.fault(0, { fault: 'signature' })),
    close: () => devnet.close(),
  };
  // Macro blocks after the stored one, as each node is asked for.
}, { fewest: 8 });
