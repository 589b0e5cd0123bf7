import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/base/system.ts';
import { checkpointSet, checkStacksNetwork } from '../../src/chains/stacks/chain/network.ts';
import { createHttpGateway } from '../../src/chains/stacks/net/http-gateway.ts';
import { signerSetKey } from '../../src/chains/stacks/proofs/hand-over.ts';
import { blocksOfProof } from '../../src/chains/stacks/proofs/marf-segments.ts';
import { pathOfKey } from '../../src/chains/stacks/proofs/marf-hash.ts';
import { takeHandOver } from '../../src/chains/stacks/proofs/statement.ts';
import { toHex } from '../../src/base/bytes.ts';
import { chainA } from '../../test/support/stacks-vectors.ts';
import { proofsA } from '../../test/support/stacks-proof-vectors.ts';
import { verifyHere } from '../../test/support/verify-here.ts';
import { GatewayServer } from './gateway-server.ts';
import { loadReplay } from './replay.ts';
import { RequestLog } from './request-log.ts';

const folder = fileURLToPath(new URL('../../test/vectors/stacks', import.meta.url));

it('a recorded node is served over HTTP: trust passes from the checkpoint over all its cycles, and what was not recorded is 404', async () => {
  const replay = loadReplay(folder);
  const server = new GatewayServer({ index: 0, port: 0, log: new RequestLog(), now: () => 0, faults: new Map(), answer: replay.answer, tipHeight: () => replay.tip.height });
  await server.listen();
  try {
    const network = checkStacksNetwork(replay.networkOf([server.url]));
    const gateway = createHttpGateway(network.gateways[0]!, { fetch: (url, init) => fetch(url, init), clock: systemClock });
    const options = { signal: new AbortController().signal };
    expect(await gateway.info(options)).toMatchObject({ networkId: network.networkId, tipHeight: 124 });
    expect(await gateway.cycles(options)).toEqual({ firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 });
    expect(await gateway.tenureInfo(options)).toMatchObject({ tipBlockId: replay.tip.id });
    let set = checkpointSet(network.checkpoint);
    let floor = { height: network.checkpoint.block.height, time: network.checkpoint.block.time };
    for (const next of [5, 6, 7]) {
      const { tip } = proofsA.proofs.find(({ name }) => name === `signers cycle ${next} at writing block`)!;
      const header = (await gateway.header(tip, options))!.value;
      const { value, proof } = (await gateway.state(toHex(pathOfKey(signerSetKey(next, { mainnet: false }))), tip, { ...options, proof: true }))!.value;
      const passed = await Promise.all(blocksOfProof(proof!).map(async (id) => (await gateway.passedHeader(id, options))!));
      const taken = await takeHandOver({ header, passed, proof: proof!, value }, set, floor, { mainnet: false }, { verify: verifyHere });
      if (!taken.ok) throw new Error(taken.code);
      ({ set, floor } = taken);
    }
    const block = chainA.blocks[0]!;
    expect((await gateway.block(block.block_id, options))!.value.transactions).toHaveLength(block.txids.length);
    expect(await gateway.blockOfTransaction(block.txids[0]!, options)).toBe(block.block_id);
    expect(await gateway.header('0'.repeat(64), options)).toBeUndefined();
    expect(await gateway.signerKeys(9, options)).toBeUndefined();
  } finally {
    await server.close();
  }
});

it('a folder without the files is a wrong option', () => {
  expect(() => loadReplay('/nowhere')).toThrow(expect.objectContaining({ name: 'OptionsError', code: 'bad-value' }));
});
