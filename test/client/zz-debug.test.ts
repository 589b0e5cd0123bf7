import { it } from 'vitest';
import { createDevnet } from '../../devnet/devnet.ts';
import { createAlbatrossNode } from '../../src/network/albatross/node.ts';
import { systemClock, systemRandom } from '../../src/network/system.ts';
it('x', async () => {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'dbg' });
  process.stderr.write(JSON.stringify(devnet.network.seeds) + '\n');
  const node = await createAlbatrossNode({ genesisHash: devnet.network.genesisHash, seeds: devnet.network.seeds, services: 0, requiredServices: 8, clock: systemClock, random: systemRandom, log: (e) => process.stderr.write(JSON.stringify(e) + '\n') });
  node.events.on('joined', (p) => process.stderr.write('JOINED ' + p.address + '\n'));
  node.events.on('down', (p) => process.stderr.write('DOWN ' + JSON.stringify(p) + '\n'));
  await node.start();
  await new Promise((r) => setTimeout(r, 4000));
  await node.stop();
  for (const e of devnet.log) process.stderr.write(JSON.stringify(e).slice(0, 200) + '\n');
  await devnet.close();
});
