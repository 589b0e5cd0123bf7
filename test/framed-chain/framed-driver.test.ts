import '../../src/network/node-web-socket.ts';
import { testDriver } from '../support/driver-compliance.ts';
import { framedDriver } from './framed-driver.ts';
import { FramedNet } from './framed-node.ts';

testDriver(framedDriver, async () => {
  const net = new FramedNet();
  const parameters = await net.start(3);
  net.produce(23);
  return {
    parameters,
    head: () => ({ height: net.blocks.length, hash: net.blocks.at(-1)!.id }),
    produce: async (n) => net.produce(n),
    sent: () => net.sent,
    // The first to send: a copy of a block that is known already is not looked at.
    lie: async () => {
      net.liar = 0;
    },
    close: () => net.close(),
  };
});
