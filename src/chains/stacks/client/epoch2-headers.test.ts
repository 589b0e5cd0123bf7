import { describe, expect, it } from 'vitest';
import { chainA, epoch2Headers } from '../../../../test/support/stacks-vectors.ts';
import { fromHex } from '../../../base/bytes.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { BAN_TIME, type ClaimedHeader } from '../chain/epoch2-backfill.ts';
import type { Gateway } from '../net/gateway.ts';
import { Epoch2HeaderReader } from './epoch2-headers.ts';

const genesisHash = chainA.headers[0]!.parent_block_id;
const recorded: readonly ClaimedHeader[] = epoch2Headers.map((it) => ({ consensusHash: it.ch, header: fromHex(it.header), parentBlockId: it.parent_block_id }));
const ids = epoch2Headers.map(({ id }) => id);
const { signal } = new AbortController();

/** A gateway with these headers, in pages of `most`. `asked`: counts and tips. */
function gatewayWith(url: string, headers: readonly ClaimedHeader[] = recorded, most = 2100) {
  const asked: (readonly [number, string])[] = [];
  const gateway: Pick<Gateway, 'url' | 'epoch2Headers'> = {
    url,
    async epoch2Headers(count, tip) {
      asked.push([count, tip]);
      const from = ids.indexOf(tip);
      return from < 0 ? undefined : headers.slice(from, from + Math.min(count, most));
    },
  };
  return { gateway: gateway as Gateway, asked };
}

function reader(hash = genesisHash) {
  const time = { now: 0 };
  return { time, of: new Epoch2HeaderReader({ genesisHash: hash, clock: { monotonic: () => time.now } }) };
}

const altered = (index: number) => recorded.with(index, { ...recorded[index]!, header: recorded[index]!.header.map((byte, i) => (i === 100 ? byte ^ 1 : byte)) });

describe('headers of epoch 2.x from gateways', () => {
  it('are linked by hash over pages; only the first id is certain', async () => {
    const peer = gatewayWith('a', recorded, 2);
    const answer = await reader().of.newest(5, [peer], { signal });
    expect(answer).toMatchObject({ level: 'pinned', gateway: 'a', isComplete: false });
    expect(answer.headers.map(({ hash }) => hash)).toEqual(epoch2Headers.slice(0, 5).map(({ bh }) => bh));
    expect(answer.headers.map(({ idIsClaimed }) => idIsClaimed)).toEqual([false, true, true, true, true]);
    expect(peer.asked).toEqual([[5, ids[0]], [3, ids[2]], [1, ids[4]]]);
  });

  it('are not fetched again, and go on where they ended', async () => {
    const { of } = reader();
    const peer = gatewayWith('a');
    await of.newest(3, [peer], { signal });
    expect((await of.newest(2, [], { signal })).headers).toHaveLength(2);
    expect((await of.newest(5, [peer], { signal })).headers).toHaveLength(5);
    expect(peer.asked).toEqual([[3, ids[0]], [2, ids[3]]]);
  });

  it('an altered byte stops at its gateway, which is not asked for 300 s; another one begins at the top', async () => {
    const { of, time } = reader();
    const [bad, good] = [gatewayWith('bad', altered(2)), gatewayWith('good')];
    await expect(of.newest(4, [bad], { signal })).rejects.toMatchObject({ name: 'QuestionError', code: 'no-answer', data: { asked: 1, reason: 'link' } });
    await expect(of.newest(4, [bad], { signal })).rejects.toMatchObject({ data: { asked: 0, reason: 'banned' } });
    expect(await of.newest(4, [bad, good], { signal })).toMatchObject({ gateway: 'good' });
    expect(bad.asked).toHaveLength(1);
    expect(good.asked).toEqual([[4, ids[0]]]);
    time.now = BAN_TIME;
    await expect(of.newest(6, [bad], { signal })).rejects.toMatchObject({ data: { asked: 1, reason: 'link' } });
  });

  it('an id that a gateway made up is its own fault', async () => {
    const { of } = reader();
    const invented = recorded.with(1, { ...recorded[1]!, parentBlockId: 'aa'.repeat(32) });
    const [bad, good] = [gatewayWith('bad', invented, 2), gatewayWith('good')];
    expect(await of.newest(4, [bad, good], { signal })).toMatchObject({ gateway: 'good' });
    await expect(of.newest(6, [bad], { signal })).rejects.toMatchObject({ data: { reason: 'banned' } });
    expect((await of.newest(6, [bad, good], { signal })).headers).toHaveLength(6);
  });

  it('no gateway has a block of epoch 2.x with the id of the network file: a reason, and nobody is banned', async () => {
    const { of } = reader('bb'.repeat(32));
    const peers = [gatewayWith('a'), gatewayWith('b')];
    for (let i = 0; i < 2; i += 1) await expect(of.newest(1, peers, { signal })).rejects.toMatchObject({ code: 'no-answer', data: { asked: 2, reason: 'not-epoch2' } });
    await expect(of.newest(1, [], { signal })).rejects.toMatchObject({ code: 'no-peers' });
  });

  it('a request that fails is passed over, with its code', async () => {
    const { of } = reader();
    const broken = { gateway: { url: 'x', epoch2Headers: () => Promise.reject(new RequestError('timeout', 'slow')) } as unknown as Gateway };
    await expect(of.newest(1, [broken], { signal })).rejects.toMatchObject({ data: { asked: 1, reason: 'timeout' } });
    expect(await of.newest(1, [broken, gatewayWith('a')], { signal })).toMatchObject({ gateway: 'a' });
    await expect(reader().of.newest(1, [gatewayWith('a')], { signal: AbortSignal.abort(new Error('ended')) })).rejects.toThrow('ended');
  });

  it('two questions at once blame nobody', async () => {
    const { of } = reader();
    const peer = gatewayWith('a', recorded, 2);
    const answers = await Promise.all([of.newest(4, [peer], { signal }), of.newest(3, [peer], { signal })]);
    expect(answers.map(({ headers }) => headers.length)).toEqual([4, 3]);
  });
});
