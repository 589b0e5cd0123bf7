import { afterEach, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { hashOf } from '../../src/chains/hotstuff2/chain/hash.ts';
import { checkHotStuff2Network } from '../../src/chains/hotstuff2/chain/network.ts';
import { decodeQc } from '../../src/chains/hotstuff2/wire/qc.ts';
import { decodeHeader } from '../../src/chains/hotstuff2/wire/header.ts';
import { decodeMessage } from '../../src/chains/hotstuff2/wire/messages.ts';
import { decodeFinalityProof } from '../../src/chains/hotstuff2/wire/finality-proof.ts';
import { decodeValidatorSet } from '../../src/chains/hotstuff2/wire/validator-set.ts';
import { isCertificate } from './certify.ts';
import { HotStuff2Net, type HotStuff2NetOptions } from './hotstuff2-net.ts';
import { SharedVerifier } from './keys.ts';

const open: HotStuff2Net[] = [];

async function startNet(options: Partial<HotStuff2NetOptions> = {}): Promise<HotStuff2Net> {
  const net = await HotStuff2Net.start(options);
  open.push(net);
  return net;
}

afterEach(async () => {
  for (const net of open.splice(0)) await net.close();
});

/** Heights of the replicas' final blocks. */
const finals = (net: HotStuff2Net) => net.replicas.map(({ store }) => store.finalTip.header.height);

/** Whether all final chains agree as far as they go. */
function agree(net: HotStuff2Net): boolean {
  const chains = net.replicas.map(({ store }) => store.final);
  const longest = chains.toSorted((a, b) => b.length - a.length)[0]!;
  return chains.every((chain) => chain.every(({ hash }, height) => hash === longest[height]!.hash));
}

describe('the local HotStuff-2 network', () => {
  it('makes as many final blocks as it is told to, in consecutive views, at all replicas', async () => {
    const net = await startNet();
    const blocks = await net.produce(10);
    expect(blocks.map(({ height, view }) => [height, view])).toEqual(Array.from({ length: 10 }, (_, i) => [i + 1, i]));
    expect(finals(net)).toEqual([10, 10, 10, 10]);
    expect(net.replicas.map(({ certifiedTip }) => certifiedTip.header.height)).toEqual([11, 11, 11, 11]);
    expect(checkHotStuff2Network(JSON.parse(JSON.stringify(net.network)))).toEqual(net.network);
    expect(net.log.events.filter(({ event }) => event === 'dropped' || event === 'timeout' || event === 'conflict')).toEqual([]);
  });

  it('makes a long chain of one replica', async () => {
    const net = await startNet({ replicas: 1 });
    await net.produce(1000);
    expect(net.finalHeight).toBe(1000);
  });

  it('is the same again with the same seed, and another with another', async () => {
    const run = async (seed: string) => {
      const net = await startNet({ seed });
      await net.produce(5);
      await net.stop(2);
      const blocks = await net.produce(5);
      return [net.network.genesisHash, ...blocks.map(({ hash }) => hash)];
    };
    const first = await run('a');
    expect(await run('a')).toEqual(first);
    expect(await run('b')).not.toEqual(first);
  });

  it('changes leaders when one of four has crashed, and makes final what a view gap left open', async () => {
    const net = await startNet();
    await net.produce(3);
    await net.fault(2, 'crash');
    const blocks = await net.produce(12);
    // Views of the crashed leader time out.
    expect(blocks.some(({ view }) => view % 4 === 2)).toBe(false);
    expect(net.log.events.some(({ event }) => event === 'timeout')).toBe(true);
    const chain = net.replicas[0]!.store.final;
    const gaps = chain.filter(({ header }, i) => i > 0 && header.view > chain[i - 1]!.header.view + 1);
    expect(gaps.length).toBeGreaterThan(1);
    // The block before a gap is final although no pair of consecutive views begins with it.
    for (const { header } of gaps.slice(0, -1)) expect(decodeFinalityProof(net.chains[0]!.finality(header.height - 1)!).final.header.height).toBeGreaterThanOrEqual(header.height);
    expect(finals(net)[2]).toBe(3);
    await net.fault(2, 'none');
    await net.produce(5);
    expect(new Set(finals(net))).toEqual(new Set([net.finalHeight]));
    expect(agree(net)).toBe(true);
  });

  it('stands still while it is cut in halves, and goes on when it is whole, without a conflict', async () => {
    const net = await startNet();
    await net.produce(5);
    await net.partition([[0, 1], [2, 3]]);
    await expect(net.produce(1)).rejects.toMatchObject({ code: 'no-progress' });
    expect(finals(net)).toEqual([5, 5, 5, 5]);
    await net.partition(undefined);
    await net.produce(10);
    expect(finals(net)).toEqual([15, 15, 15, 15]);
    expect(agree(net)).toBe(true);
    expect(net.log.conflicts).toEqual([]);
  });

  it('brings a replica that was cut off for many views up to date', async () => {
    const net = await startNet();
    await net.produce(2);
    await net.partition([[0, 1, 2], [3]]);
    await net.produce(150);
    expect(finals(net)[3]).toBe(2);
    await net.partition(undefined);
    await net.produce(6);
    expect(finals(net)).toEqual([158, 158, 158, 158]);
    expect(agree(net)).toBe(true);
  });

  it('never certifies two blocks of one view, whatever an equivocating leader sends', async () => {
    const net = await startNet({ replicas: 7, seed: 'equivocation', recording: true });
    await net.fault(1, 'equivocating-leader');
    await net.fault(4, 'equivocating-leader');
    await net.produce(30);
    expect(net.log.conflicts).toEqual([]);
    expect(agree(net)).toBe(true);
    // Two blocks of one view were proposed, and one of them lost.
    const { messages, notFinal } = net.record()['n7'] as { readonly notFinal: readonly unknown[]; readonly messages: readonly { readonly type: string; readonly hex: string }[] };
    expect(notFinal.length).toBeGreaterThan(0);
    const proposed = messages.filter(({ type }) => type === 'PROPOSAL').map(({ hex }) => decodeMessage(fromHex(hex)));
    const views = new Map<number, Set<string>>();
    for (const message of proposed) if (message.kind === 'proposal') views.set(message.view, (views.get(message.view) ?? new Set()).add(hashOf(message.block.headerBytes)));
    expect(Array.from(views.values()).some(({ size }) => size === 2)).toBe(true);
  });

  it('hands over to new keys: announced, empty until final, then switched', async () => {
    const net = await startNet();
    await net.produce(4);
    const [before] = [net.replicas[0]!.store.finalTip.header.validators];
    const hash = net.handOver();
    const blocks = await net.produce(8);
    const headers = blocks.map(({ height }) => net.chains[0]!.at(height)!.header);
    const announcing = headers.findIndex(({ nextValidators }) => nextValidators === hash);
    const switched = headers.findIndex(({ validators }) => validators === hash);
    // The certified block above the final one was made before the announcement.
    expect(announcing).toBe(1);
    expect(switched).toBe(announcing + 2);
    expect(headers[announcing]).toMatchObject({ validators: before });
    expect(headers[announcing + 1]).toMatchObject({ validators: before, nextValidators: hash, payloadLength: 4 });
    expect(headers[switched]).toMatchObject({ validators: hash, nextValidators: hash });
    expect(finals(net)).toEqual([12, 12, 12, 12]);
    // And once more.
    const next = net.handOver();
    await net.produce(6);
    expect(net.replicas[3]!.store.finalTip.header.validators).toBe(next);
  });

  it('writes to the state what it is told to', async () => {
    const net = await startNet();
    net.put(fromHex('61'), fromHex('0102'));
    await net.produce(3);
    const proof = net.chains[1]!.stateProof(3, fromHex('61'));
    expect(proof).toMatchObject({ present: true, leaves: [{ value: fromHex('0102') }] });
    expect(net.chains[1]!.stateProof(3, fromHex('62'))).toMatchObject({ present: false });
  });

  it('refuses commands that name what there is not', async () => {
    const net = await startNet();
    await expect(net.stop(4)).rejects.toMatchObject({ code: 'unknown-replica' });
    await expect(net.fault(0, 'nothing' as 'none')).rejects.toMatchObject({ code: 'unknown-fault' });
    await expect(net.partition([[0, 1], [1]])).rejects.toMatchObject({ code: 'bad-groups' });
    await net.close();
    await expect(net.produce(1)).rejects.toMatchObject({ code: 'closed' });
  });

  it('follows the real time in timed mode', async () => {
    const net = await startNet({ blockTime: 50 });
    const before = Date.now();
    while (net.finalHeight < 4) await new Promise((resolve) => setTimeout(resolve, 10));
    const { time } = net.replicas[0]!.store.finalTip.header;
    expect(time).toBeGreaterThan(before - 2000);
    expect(time).toBeLessThanOrEqual(Date.now());
    const blocks = net.replicas[0]!.store.final.slice(1);
    expect(blocks.slice(1).every(({ header }, i) => header.time - blocks[i]!.header.time >= 50)).toBe(true);
    expect(net.network.blockTime).toBe(50);
  });
});

describe('the record of a network', () => {
  interface Part {
    readonly blocks: readonly { readonly header: string; readonly hash: string; readonly payload: string; readonly qc?: string; readonly height: number; readonly engineCommitted: boolean }[];
    readonly messages: readonly { readonly type: string; readonly view: number; readonly from: number; readonly hex: string }[];
    readonly validatorsBytes: string;
    readonly validatorsHash: string;
    readonly viewGaps: readonly unknown[];
    readonly seeds: readonly string[];
    readonly notFinal: readonly unknown[];
    readonly engineCommitOrder: readonly { readonly node: number; readonly heights: readonly number[] }[];
  }

  it('has the form of the vectors, and every certificate in it is one', async () => {
    const net = await startNet({ recording: true });
    await net.produce(10);
    await net.stop(1);
    await net.produce(10);
    const record = net.record();
    const part = record['n4'] as Part;
    expect(Object.keys(part).toSorted()).toEqual(
      ['blocks', 'chainId', 'droppedByOurChecks', 'elapsedMs', 'engineCommitOrder', 'genesisState', 'messages', 'n', 'name', 'notFinal', 'quorumUpstream', 'seeds', 'validators', 'validatorsBytes', 'validatorsHash', 'viewGaps'],
    );
    expect(part.blocks).toHaveLength(21);
    const set = decodeValidatorSet(fromHex(part.validatorsBytes));
    expect(hashOf(fromHex(part.validatorsBytes))).toBe(part.validatorsHash);
    const verifier = new SharedVerifier();
    for (const [i, { header, hash, qc, height }] of part.blocks.entries()) {
      const bytes = fromHex(header);
      expect([hashOf(bytes), decodeHeader(bytes).height, height]).toEqual([hash, i, i]);
      expect(qc === undefined).toBe(i === 0);
      const certificate = qc === undefined ? undefined : decodeQc(fromHex(qc));
      expect(certificate === undefined || (certificate.hash === hash && certificate.view === decodeHeader(bytes).view && isCertificate(certificate, set, verifier))).toBe(true);
    }
    expect(part.viewGaps.length).toBeGreaterThan(1);
    expect(part.engineCommitOrder[0]).toMatchObject({ node: 0, heights: part.blocks.flatMap(({ height, engineCommitted }) => (engineCommitted ? [height] : [])) });
    expect(part.blocks.filter(({ height, engineCommitted }) => height > 0 && !engineCommitted).length).toBeGreaterThan(0);
    for (const { type, view, from, hex } of part.messages) {
      const kind = { PROPOSAL: 'proposal', VOTE: 'vote', NEWVIEW: 'new-view' }[type];
      expect(decodeMessage(fromHex(hex))).toMatchObject({ kind, view, sender: from });
    }
    expect(part.seeds.map((seed) => seed.length)).toEqual([64, 64, 64, 64]);
    expect(toHex(fromHex(part.seeds[0]!))).toBe(part.seeds[0]);
  });
});
