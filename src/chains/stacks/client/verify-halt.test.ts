import { beforeAll, describe, expect, it } from 'vitest';
import { backFrom, signedBy } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { chainOf, gatewayOf, itemOf, smallNet, verifyOnce } from '../../../../test/support/stacks/stacks-world.ts';
import { fromHex } from '../../../base/bytes.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import { decodeStatement, encodeStatement } from '../proofs/proof-file.ts';
import { encodeHeader } from '../wire/header.ts';
import { learnCycles } from './learn-cycles.ts';
import { NextSigners } from './next-signers.ts';
import { proveTarget } from './prove-target.ts';
import { checkedJumps, faultOfHalt } from './verify-halt.ts';

const { signal } = new AbortController();
let net: StacksNet;
let world: ReturnType<typeof chainOf>;
let halt: Halt;

/** A chain that has none of the blocks, as after a restart. */
async function fresh(): Promise<typeof world> {
  const made = chainOf(net.network);
  await learnCycles(gatewayOf(net), 3, { ...made.options, cycles: made.chain.cycles, signal });
  return made;
}

const faultOf = (it: Halt, { chain, options } = world) => faultOfHalt(it, { ...options, chain, signal });
const bytesAt = (height: number) => encodeHeader(net.viewOf(0).at(height)!.header!);

/** Follows a net, whose confirmed branch is then replaced. */
beforeAll(async () => {
  net = await smallNet();
  world = await fresh();
  for (const block of [...backFrom(net.tip)].filter(({ height }) => height > net.network.checkpoint.block.height).toReversed()) await world.chain.push(itemOf(block), signal);
  net.fork(4, 1);
  net.produceTenures(4);
  await proveTarget(gatewayOf(net), world.options, { signal }).catch(() => undefined);
  halt = world.halts[0]!;
});

describe('a stored halt of two branches', () => {
  it('holds with the chain that was stored, and where its signers are known', async () => {
    expect(await faultOf(halt)).toBeUndefined();
    expect(await faultOf(halt, await fresh())).toBeUndefined();
  });

  it('does not, where a header is unsigned, is of no set that is known, or excludes nothing', async () => {
    const [ours, theirs] = halt.evidence;
    const { header, height } = net.viewOf(0).at(world.chain.tip().height + 1)!;
    const stranger = net.chain.miners[0]!;
    for (const [evidence, fault] of [
      [[ours, encodeHeader({ ...header!, signerSignatures: [] })], 'not-signed'],
      [[ours, encodeHeader(signedBy(header!, [stranger]))], 'not-signed'],
      [[ours, encodeHeader({ ...header!, stateRoot: '12'.repeat(32) })], 'not-signed'],
      [[theirs, ours], 'parent'],
      [[ours, bytesAt(height + 1)], 'parent'],
      [[ours, ours], 'parent'],
      [[Uint8Array.of(1), Uint8Array.of(2)], 'truncated'],
      // The checkpoint's block is named by its id, and no other one.
      [[fromHex('ab'.repeat(32)), theirs], 'version'],
    ] as const) expect(await faultOf({ ...halt, evidence }, await fresh())).toBe(fault);
    expect(await faultOf({ ...halt, height: halt.height - 1 })).toBe('parent');
    expect(await faultOf(halt, chainOf(net.network))).toBe('not-signed');
  });

  it('of the checkpoint holds with its id', async () => {
    const { block } = net.network.checkpoint;
    const foreign = { ...net.network.checkpoint, block: { ...block, id: 'ab'.repeat(32) } };
    const other = chainOf({ ...net.network, checkpoint: foreign });
    const evidence = [fromHex(foreign.block.id), bytesAt(block.height + 1)] as const;
    expect(await faultOf({ height: block.height, evidence }, other)).toBeUndefined();
    expect(await faultOf({ height: block.height, evidence: [evidence[0], bytesAt(block.height + 2)] }, other)).toBe('parent');
  });
});

describe('a stored halt for a cycle that nobody signs', () => {
  it('holds by the proof under a confirmed block, and by nothing else', async () => {
    const own = await smallNet({ emptyCycle: 4 });
    expect(() => own.produceTenures(20)).toThrow('nobody signs');
    const its = chainOf(own.network);
    const { target, branch } = await proveTarget(gatewayOf(own), its.options, { signal });
    await its.chain.snapshots!.import({ id: '', height: target.height, chunks: 0, size: undefined }, []);
    for (const item of branch) await its.chain.push(item, signal);
    await new NextSigners({ ...its, network: own.network, verify: verifyOnce, gateways: () => [{ gateway: gatewayOf(own), fault: () => undefined }], signal }).look();
    const [made] = its.halts;
    expect(await faultOf(made!, its)).toBeUndefined();
    const [header, bytes] = made!.evidence;
    const statement = decodeStatement(bytes);
    const other = encodeStatement({ ...statement, value: '0a0b00000001' });
    expect(await faultOf({ ...made!, evidence: [header, other] }, its)).toBe('state');
    expect(await faultOf({ ...made!, evidence: [header.slice(0, -1), bytes] }, its)).toBe('not-confirmed');
    expect(await faultOf({ ...made!, height: made!.height + 1 }, its)).toBe('not-confirmed');
    expect(await faultOf(made!, chainOf(own.network))).toBe('not-confirmed');
  });
});

describe('stored jumps', () => {
  const to = { height: 40, id: 'cd'.repeat(32) };
  const checked = async (from: { readonly height: number; readonly id: string; readonly header: Uint8Array | undefined }) => (await checkedJumps({ count: 2, newest: { from, to } }, { ...world.options, signal })).newest !== undefined;

  it('are counted; the block that the newest began at was signed, or is the checkpoint', async () => {
    const { id, height, header } = net.viewOf(0).at(world.chain.tip().height + 1)!;
    const { block } = net.network.checkpoint;
    expect([await checked({ height, id, header: encodeHeader(header!) }), await checked({ height: block.height, id: block.id, header: undefined })]).toEqual([true, true]);
    const forged = { ...header!, stateRoot: 'ef'.repeat(32) };
    for (const from of [
      { height, id, header: encodeHeader(forged) }, { height, id: 'ab'.repeat(32), header: encodeHeader(header!) }, { height: height - 1, id, header: encodeHeader(header!) },
      { height, id, header: undefined }, { height, id, header: Uint8Array.of(0) },
    ]) expect(await checked(from)).toBe(false);
    expect(await checkedJumps({ count: 0, newest: undefined }, { ...world.options, signal })).toEqual({ count: 0, newest: undefined });
  });
});
