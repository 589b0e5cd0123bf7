import { beforeAll, describe, expect, it } from 'vitest';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { chainOf, gatewayOf, smallNet, verifyOnce } from '../../../../test/support/stacks/stacks-world.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { decodeHeader } from '../wire/header.ts';
import { blockId } from '../chain/hash.ts';
import { signerSetKey } from '../proofs/hand-over.ts';
import { decodeStatement } from '../proofs/proof-file.ts';
import { checkState } from '../proofs/statement.ts';
import type { Gateway } from '../net/gateway.ts';
import { NextSigners } from './next-signers.ts';
import { proveTarget } from './prove-target.ts';

const { signal } = new AbortController();
let empty: StacksNet;
let peopled: StacksNet;

/** Ends with the last Bitcoin block of cycle 3. */
async function ended(emptyCycle?: number): Promise<StacksNet> {
  const net = await smallNet({ emptyCycle });
  while ((net.chain.main.sortitions.at(-1)!.burnHeight + 1 - 107) % 10 !== 0) net.produceTenures(1);
  return net;
}

beforeAll(async () => {
  [empty, peopled] = [await ended(4), await ended()];
});

async function setup(net: StacksNet, ...changes: readonly Partial<Gateway>[]) {
  const world = chainOf(net.network);
  const { target, branch } = await proveTarget(gatewayOf(net), world.options, { signal });
  await world.chain.snapshots!.import({ id: '', height: target.height, chunks: 0, size: undefined }, []);
  for (const item of branch) await world.chain.push(item, signal);
  const faults: string[] = [];
  const gateways = changes.map((change, i) => ({ gateway: gatewayOf(net, { url: `http://127.0.0.1:${i + 1}`, ...change }), fault: ({ code }: { readonly code: string }) => void faults.push(code) }));
  const next = new NextSigners({ ...world, network: net.network, verify: verifyOnce, gateways: () => gateways, signal });
  return { ...world, next, faults, calls: gateways.map(({ gateway }) => gateway.calls) };
}

describe('the signers of the next cycle, while a cycle ends', () => {
  it('are none: the chain halts, with the header and the proof as evidence', async () => {
    const { next, chain, halts, faults } = await setup(empty, {});
    await next.look();
    expect(halts).toMatchObject([{ height: chain.tip().height, reason: 'no-participation' }]);
    const [header, bytes] = halts[0]!.evidence;
    expect(blockId(decodeHeader(header))).toBe(chain.tip().id);
    const statement = decodeStatement(bytes);
    expect(await checkState(statement, signerSetKey(4, { mainnet: false }), { verify: verifyOnce })).toMatchObject({ ok: true });
    expect([statement.value, new ByteReader(header).u8('version'), faults]).toEqual(['0a0b00000000', 0, []]);
    expect(await chain.push(chain.root.item!, signal)).toMatchObject({ kind: 'halted', reason: 'no-participation' });
  });

  it('are there: each gateway is asked once, without a proof', async () => {
    const { next, chain, calls } = await setup(peopled, {}, {});
    await next.look();
    await next.look();
    expect([chain.halted(), calls]).toEqual([undefined, [['state'], ['state']]]);
  });

  it('a gateway that says so falsely lies; one that conceals it does not keep others from it', async () => {
    const state: Gateway['state'] = async (path, tip, ask) => gatewayOf(peopled).state(path, tip, ask).then((answer) => answer && { ...answer, value: { ...answer.value, value: '0a0b00000000' } });
    const liar = await setup(peopled, { state });
    await liar.next.look();
    expect([liar.chain.halted(), liar.faults]).toEqual([undefined, ['false-state']]);
    const concealed = await setup(empty, { state: async () => undefined }, {});
    await concealed.next.look();
    expect([concealed.chain.halted()?.reason, concealed.faults]).toEqual(['no-participation', []]);
  });

  it('a gateway that fails is asked again after half a minute; before the cycle ends none is', async () => {
    let fails = true;
    const world = await setup(empty, { state: async (path, tip, ask) => (fails ? Promise.reject(new DOMException('gone', 'AbortError')) : gatewayOf(empty).state(path, tip, ask)) });
    await world.next.look();
    expect(world.chain.halted()).toBeUndefined();
    fails = false;
    await world.clock.advance(30_000);
    await world.next.look();
    expect(world.chain.halted()?.reason).toBe('no-participation');
    const early = await setup(await smallNet({ emptyCycle: 4 }), {});
    await early.next.look();
    expect([early.calls, early.chain.halted()]).toEqual([[[]], undefined]);
  });
});
