import '../../src/network/node-web-socket.ts';
import { testDriver } from '../support/driver-compliance.ts';
import { toyDriver } from './driver.ts';
import { ToyNet } from './toy-node.ts';

testDriver(toyDriver, async () => {
  const net = new ToyNet();
  const parameters = await net.start(3);
  net.produce(23);
  return {
    parameters,
    head: () => ({ height: net.blocks.length, hash: net.blocks.at(-1)!.id }),
    produce: async (n) => net.produce(n),
    sent: () => net.sent,
    lie: async () => {
      net.lie = {
        // The first to send: a copy of a block that is known already is not looked at.
        node: 0,
        change: (bytes) => {
          bytes[bytes.length - 1]! ^= 1;
          return bytes;
        },
      };
    },
    close: () => net.close(),
  };
  // Each node tells its head.
}, { fewest: 3 });
