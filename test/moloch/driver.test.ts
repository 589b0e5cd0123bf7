import '../../src/network/node-web-socket.ts';
import { MolochNet } from '../../devnet/moloch/moloch-net.ts';
import { molochDriver } from '../../src/chains/moloch/driver.ts';
import { testDriver } from '../support/driver-compliance.ts';

testDriver(molochDriver, async () => {
  const net = await MolochNet.start({ blocks: 23 });
  const head = () => net.chain.at(-1)!;
  return {
    parameters: net.network,
    head: () => ({ height: head().height, hash: head().hash }),
    produce: async (n) => void net.produce(n),
    sent: () => net.log.of('GetBlocks').reduce((sum, { count }) => sum + count!, 0),
    lie: async () => net.fault(0, 'bad-events-root', { height: head().height + 1 }),
    close: () => net.close(),
  };
}, { isFollowed: true });
