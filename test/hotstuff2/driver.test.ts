import '../../src/network/node-web-socket.ts';
import { HotStuff2Net } from '../../devnet/hotstuff2/hotstuff2-net.ts';
import { hotStuff2Driver } from '../../src/chains/hotstuff2/driver.ts';
import { testDriver } from '../support/driver-compliance.ts';

/** Heights of blocks that were asked for, so far. */
function blocksAsked(net: HotStuff2Net): number {
  return net.requests.reduce((sum, { request }) => (request.type === 'get-blocks' || request.type === 'get-headers' ? sum + request.count : sum), 0);
}

testDriver(hotStuff2Driver, async () => {
  const net = await HotStuff2Net.start({ replicas: 4, history: 23 });
  return {
    parameters: net.network,
    head: () => {
      const [chain] = net.chains;
      const { header, hash } = chain!.at(chain!.tipHeight)!;
      return { height: header.height, hash };
    },
    produce: async (n) => void (await net.produce(n)),
    sent: () => blocksAsked(net),
    lie: () => net.fault(0, 'forged-qc'),
    close: () => net.close(),
  };
}, { isFollowed: true });
