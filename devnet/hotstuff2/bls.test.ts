import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followNet, isAtFinal, networkHead } from '../../test/support/hotstuff2/follow-net.ts';
import { networkOfRun, runThrough, testChain } from '../../test/support/hotstuff2/test-chain.ts';
import { vectors, type Vectors } from '../../test/support/hotstuff2/vectors.ts';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { decodeItem } from '../../src/chains/hotstuff2/chain/hs2-block.ts';
import { decodeMessage } from '../../src/chains/hotstuff2/wire/messages.ts';
import { decodeQc } from '../../src/chains/hotstuff2/wire/qc.ts';
import { blsVoteMessage } from '../../src/chains/hotstuff2/wire/vote.ts';
import { blsKey, sumOfSignatures } from './bls-key.ts';
import { isVoteSigned, signedVote } from './certify.ts';
import { HotStuff2Net } from './hotstuff2-net.ts';
import { SharedVerifier } from './keys.ts';

/** Final blocks of the network. Each takes the replicas some 0.1 s. */
const BLOCKS = 5;

describe('keys', () => {
  const keys = vectors.bls.secretKeys.map((secret) => blsKey(fromHex(secret)));

  it('are those of the vectors, sign as the Go library does, and sum up to its certificates', () => {
    expect(keys.map(({ publicKey }) => toHex(publicKey))).toEqual(vectors.bls.validators);
    for (const { aggregate, hash, view, votes, signers } of vectors.bls.qcs) {
      for (const { index, signature } of votes) expect(toHex(keys[index]!.sign(blsVoteMessage({ view, hash })))).toBe(signature);
      expect(toHex(sumOfSignatures(signers.map((index) => keys[index]!.sign(blsVoteMessage({ view, hash })))))).toBe(aggregate);
    }
  });

  it('make votes without a time, which are refused with one, from another, or for another block', () => {
    const verifier = new SharedVerifier();
    const set = { scheme: 'bls' as const, keys: keys.map(({ publicKey }) => publicKey) };
    const vote = signedVote(keys[1]!, 'bls', { view: 3, hash: 'ab'.repeat(32), index: 1, time: 17 });
    expect(vote.time).toBe(0);
    expect(isVoteSigned(vote, set, verifier)).toBe(true);
    for (const change of [{ time: 17 }, { index: 2 }, { index: 4 }, { view: 4 }, { hash: 'cd'.repeat(32) }, { signature: new Uint8Array(48) }]) expect([change, isVoteSigned({ ...vote, ...change }, set, verifier)]).toEqual([change, false]);
  });
});

describe('a local network whose validators sign with BLS', () => {
  let net: HotStuff2Net;
  beforeAll(async () => {
    net = await HotStuff2Net.start({ scheme: 'bls', seed: 'bls', history: BLOCKS, recording: true });
  });
  afterAll(() => net.close());

  it('is followed by a client: caught up, and live', async () => {
    const following = await followNet(net, { replicas: [0, 2] });
    try {
      await isAtFinal(net, following);
      await net.produce(1);
      await isAtFinal(net, following);
      expect(following.client.getHead().latest).toMatchObject(networkHead(net));
      expect(await following.client.ask('getValidators', [])).toMatchObject({ value: { quorum: 3, scheme: 'bls' } });
      expect(following.banned()).toEqual([]);
    } finally {
      await following.close();
    }
  });

  it('has forged certificates by command, for which the replica is banned', async () => {
    await net.fault(1, 'forged-qc');
    const following = await followNet(net, { replicas: [1] });
    try {
      // By its place among those that are dialled.
      await expect.poll(following.banned).toEqual([[0, 'qc']]);
      expect(following.client.getHead().final.height).toBe(0);
    } finally {
      await following.close();
      await net.fault(1, 'none');
    }
  });

  it('writes a record that the client’s rules judge good, and bad with one certificate of another block', async () => {
    const run = net.record()['n4'] as Vectors['n4'] & { readonly scheme: string };
    expect(run.scheme).toBe('bls');
    const items = run.blocks.map(({ header, payload, qc = '' }) => decodeItem(fromHex(header + payload), fromHex(qc)));
    expect(items.length).toBeGreaterThan(BLOCKS);
    // The library cannot read the form without zeros in place of times.
    for (const { qc } of run.blocks.slice(1)) expect(decodeQc(fromHex(qc!))).toMatchObject({ scheme: 'bls', padded: true, signers: { length: 3 } });
    const votes = run.messages.map(({ hex }) => decodeMessage(fromHex(hex))).flatMap((message) => (message.kind === 'vote' ? [message.vote] : []));
    expect(votes.length).toBeGreaterThan(BLOCKS);
    for (const { time, signature } of votes) expect([time, signature.length]).toEqual([0, 48]);
    expect(run.seeds.map((seed) => toHex(blsKey(fromHex(seed)).publicKey))).toEqual(run.validators);
    const last = items.at(-1)!;
    const target = { height: last.height, id: last.id, proven: true };
    expect(await runThrough(testChain(networkOfRun(run)).chain, items.slice(1), { each: true, target })).toBeUndefined();
    const [third, fourth] = [items[3]!, decodeQc(items[4]!.block.qcBytes)];
    const qc = third.block.qc!;
    if (qc.scheme !== 'bls' || fourth.scheme !== 'bls') throw new Error('not BLS');
    const forged = items.with(3, { ...third, block: { ...third.block, qc: { ...qc, aggregate: fourth.aggregate } } });
    expect(await runThrough(testChain(networkOfRun(run)).chain, forged.slice(1), { each: true, target })).toMatchObject({ code: 'qc', weight: 'lie', at: 3 });
  });

  it('has no hand-over: clients take a set of BLS keys from the genesis only', () => {
    expect(() => net.handOver()).toThrow(expect.objectContaining({ code: 'bls-hand-over' }) as Error);
  });
});
