import { afterAll, beforeAll, expect, it } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { systemClock } from '../../src/base/system.ts';
import { checkpointSet } from '../../src/chains/stacks/chain/network.ts';
import type { SignerSet } from '../../src/chains/stacks/chain/signer-set.ts';
import { verifySigners } from '../../src/chains/stacks/chain/signer-rules.ts';
import { TenureDownloader } from '../../src/chains/stacks/chain/tenure-downloader.ts';
import { UnconfirmedDownloader, type UnconfirmedContext } from '../../src/chains/stacks/chain/unconfirmed-downloader.ts';
import { tenureStartEnds, wantedTenures, type WantedTenure } from '../../src/chains/stacks/chain/wanted-tenures.ts';
import { createHttpGateway } from '../../src/chains/stacks/net/http-gateway.ts';
import { faultOfCandidates, signerSetKey } from '../../src/chains/stacks/proofs/hand-over.ts';
import { blocksOfProof } from '../../src/chains/stacks/proofs/marf-segments.ts';
import { pathOfKey } from '../../src/chains/stacks/proofs/marf-hash.ts';
import { takeHandOver } from '../../src/chains/stacks/proofs/statement.ts';
import { verifyHere } from '../../test/support/verify-here.ts';
import { backFrom, type DevBlock } from './dev-block.ts';
import { StacksNet } from './stacks-net.ts';

const options = { signal: new AbortController().signal };
const isMainnet = { mainnet: false };
let net: StacksNet;
let gateway: ReturnType<typeof createHttpGateway>;
beforeAll(async () => {
  net = await StacksNet.start({ cycleLength: 8, prepareLength: 3, maxTenureBytes: 3000 });
  net.produceTenures(2, 7);
  gateway = createHttpGateway(net.gateways[0]!.url, { fetch: (url, init) => fetch(url, init), clock: systemClock });
});
afterAll(() => net.close());

const blocksOf = (): readonly DevBlock[] => [...backFrom(net.tip)].toReversed();
const lastOf = (cycle: number) => blocksOf().findLast(({ header, tenure }) => header && net.chain.cycleOf(tenure) === cycle)!;

it('from the checkpoint of the network file, trust passes over two cycles by proofs, with GETs only', async () => {
  const { checkpoint } = net.network;
  let set: SignerSet = checkpointSet(checkpoint);
  let floor = { height: checkpoint.block.height, time: checkpoint.block.time };
  for (const next of [2, 3]) {
    const header = (await gateway.header(lastOf(next - 1).id, options))!.value;
    const { value, proof } = (await gateway.state(toHex(pathOfKey(signerSetKey(next, isMainnet))), lastOf(next - 1).id, { ...options, proof: true }))!.value;
    const passed = await Promise.all(blocksOfProof(proof!).map(async (id) => (await gateway.passedHeader(id, options))!));
    expect(passed.length).toBeGreaterThan(0);
    const taken = await takeHandOver({ header, passed, proof: proof!, value }, set, floor, isMainnet, { verify: verifyHere });
    if (!taken.ok) throw new Error(taken.code);
    ({ set, floor } = taken);
    expect(faultOfCandidates(set, (await gateway.signerKeys(next, options))!)).toBeUndefined();
  }
  expect(await verifySigners(net.tip.header!, set, verifyHere)).toMatchObject({ ok: true });
  expect(await gateway.signerKeys(9, options)).toBeUndefined();
});

/** All sortitions, by asking for each height. */
async function askedSortitions(): Promise<readonly (WantedTenure & { readonly hasBlocks: boolean })[]> {
  const heights = net.chain.main.sortitions.map(({ burnHeight }) => burnHeight);
  return Promise.all(
    heights.map(async (burnHeight) => {
      const { consensusHash, committedBlockId } = (await gateway.sortition({ burnHeight }, options))!;
      const { blocks } = (await gateway.tenureBlocks(consensusHash, options))!;
      return { tenureId: consensusHash, winningBlockId: committedBlockId ?? '', burnHeight, hasBlocks: blocks.length > 0 };
    }),
  );
}

it('the tenures that sortitions and inventories name are downloaded, all but the newest two, and then these', async () => {
  const { rules } = net.chain.options;
  const sortitions = await askedSortitions();
  const has = (height: number) => sortitions.find(({ burnHeight }) => burnHeight === height)?.hasBlocks ?? false;
  const tenures = tenureStartEnds(wantedTenures(3, sortitions, rules), [], has, rules);
  const inCycle = new Set(blocksOf().flatMap(({ tenure }) => (net.chain.cycleOf(tenure) === 3 ? [tenure.consensusHash] : [])));
  expect(tenures.map(({ tenureId }) => tenureId)).toEqual([...inCycle].slice(0, -2));
  for (const tenure of tenures) {
    const machine = new TenureDownloader(tenure);
    for (let ask = machine.request(); ask; ask = machine.request()) {
      const reply = ask.kind === 'block' ? [(await gateway.block(ask.id, options))!.value] : (await gateway.tenure(ask.cursor, ask.stop, options))!.value;
      expect(machine.receive(reply)).toMatchObject({ ok: true });
      machine.confirm();
    }
    expect(machine.blocks()!.slice(0, -1).map(({ header }) => header.chainLength)).toEqual(blocksOf().filter((block) => block.tenure.consensusHash === tenure.tenureId).map(({ height }) => height));
  }
  const context: UnconfirmedContext = { rules, sortitionOf: (hash) => sortitions.find(({ tenureId }) => tenureId === hash), tip: { height: 1, id: 'none' } };
  const unconfirmed = new UnconfirmedDownloader(context);
  expect(unconfirmed.takeInfo(await gateway.tenureInfo(options))).toBeUndefined();
  let requests = 0;
  for (let ask = unconfirmed.request(); ask; ask = unconfirmed.request()) {
    const reply = ask.kind === 'block' ? [(await gateway.block(ask.id, options))!.value] : (await gateway.tenure(ask.cursor, ask.stop, options))!.value;
    expect(unconfirmed.receive(reply)).toMatchObject({ ok: true });
    unconfirmed.confirm();
    requests += 1;
  }
  // The size cap ends answers early.
  expect(requests).toBeGreaterThan(2);
  expect(unconfirmed.blocks()!.map(({ header }) => header.chainLength)).toEqual(blocksOf().slice(-7).map(({ height }) => height));
});

it('every other method of a gateway has an answer', async () => {
  expect(await gateway.info(options)).toMatchObject({ networkId: net.network.networkId, tipHeight: net.tip.height, isSynced: true });
  expect(await gateway.cycles(options)).toEqual(net.chain.options.rules);
  expect(await gateway.tenureTip(net.tip.tenure.consensusHash, options)).toEqual({ kind: 'nakamoto', header: net.tip.header });
  expect((await gateway.headerAt(net.tip.height, options))!.value).toEqual(net.tip.header);
  expect(await gateway.blockOfTransaction(net.tip.transactionIds[0]!, options)).toBe(net.tip.id);
  expect(await gateway.epoch2Headers(2, net.chain.lastEpoch2.id, options)).toMatchObject([{ consensusHash: net.chain.lastEpoch2.tenure.consensusHash }, { header: expect.any(Uint8Array) as unknown }]);
  expect(await gateway.passedHeader(net.chain.lastEpoch2.id, options)).toMatchObject({ consensusHash: net.chain.lastEpoch2.tenure.consensusHash });
  expect(await gateway.sortition('latest', options)).toMatchObject({ consensusHash: net.tip.tenure.consensusHash, hasWinner: true });
  expect(await gateway.state('ab'.repeat(32), net.tip.id, { ...options, proof: true })).toBeUndefined();
});

it('faults are what the client takes them for', async () => {
  const codeOf = (promise: Promise<unknown>) => promise.then(() => 'good', (error: unknown) => (error as { readonly code: string }).code);
  const codes: Record<string, string> = {};
  for (const fault of ['gateway-down', 'rate-limited', 'empty', 'html', 'wrong-id', 'hole', 'foreign-block'] as const) {
    net.fault(0, fault, { seconds: 1 });
    const fresh = createHttpGateway(net.gateways[0]!.url, { fetch: (url, init) => fetch(url, init), clock: systemClock });
    codes[fault] = await codeOf(fault === 'wrong-id' ? fresh.header(net.tip.id, options) : fault === 'hole' || fault === 'foreign-block' ? fresh.tenure(net.tip.id, undefined, options) : fresh.tenureInfo(options));
    net.fault(0, 'none');
  }
  expect(codes).toEqual({ 'gateway-down': 'disconnected', 'rate-limited': 'rate-limited', empty: 'refused', html: 'malformed', 'wrong-id': 'block-id', hole: 'block-id', 'foreign-block': 'block-id' });
});
