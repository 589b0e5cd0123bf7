import '../../src/network/node-web-socket.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromHex } from '../../src/base/bytes.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import type { Announcement } from '../../src/engine/follow/followed-chain.ts';
import type { Fault } from '../../src/engine/sync/sync-chain.ts';
import { hashOf } from '../../src/chains/hotstuff2/chain/hash.ts';
import type { Hs2Block } from '../../src/chains/hotstuff2/chain/hs2-block.ts';
import { connectSession } from '../../src/chains/hotstuff2/net/connect-session.ts';
import type { SyncSession } from '../../src/chains/hotstuff2/net/sync-session.ts';
import type { FinalityProof } from '../../src/chains/hotstuff2/wire/finality-proof.ts';
import { decodeManifest } from '../../src/chains/hotstuff2/wire/manifest.ts';
import { decodeValidatorSet, type ValidatorSet } from '../../src/chains/hotstuff2/wire/validator-set.ts';
import type { Qc } from '../../src/chains/hotstuff2/wire/qc.ts';
import { socketUrlOf } from '../../src/network/framed/web-socket-url.ts';
import { isCertificate } from './certify.ts';
import { HotStuff2Net, type NetFault } from './hotstuff2-net.ts';
import { SharedVerifier } from './keys.ts';

let net: HotStuff2Net;
let set: ValidatorSet;
const sessions: SyncSession[] = [];
const signal = new AbortController().signal;
const verifier = new SharedVerifier();

beforeAll(async () => {
  net = await HotStuff2Net.start({ history: 60 });
  set = decodeValidatorSet(fromHex(net.network.validators));
});

afterEach(async () => {
  for (const session of sessions.splice(0)) session.close();
  for (const index of net.replicas.keys()) await net.fault(index, 'none');
});

afterAll(() => net.close());

interface Told {
  readonly announced: Announcement<Hs2Block, FinalityProof>[];
  readonly faults: Fault[];
  readonly closed: (string | undefined)[];
}

const valid = ({ headerBytes, header, qc }: { readonly headerBytes: Uint8Array; readonly header: { readonly view: number }; readonly qc: Qc | undefined }) =>
  qc !== undefined && qc.view === header.view && qc.hash === hashOf(headerBytes) && isCertificate(qc, set, verifier);

async function connect(replica = 0, peerTimeout = 5000): Promise<{ readonly session: SyncSession; readonly told: Told }> {
  const told: Told = { announced: [], faults: [], closed: [] };
  const session = await connectSession(
    socketUrlOf(net.network.seeds[replica]!)!,
    {
      network: net.network,
      handlers: { announced: (it) => told.announced.push(it), claims: () => undefined, fault: (it) => told.faults.push(it), closed: (it) => told.closed.push(it) },
      prove: async ({ final, child }) => (valid(final) && valid(child) ? undefined : { code: 'qc', weight: 'lie' }),
      clock: systemClock,
      random: systemRandom,
      peerTimeout,
      connectionTimeout: 5000,
    },
    { signal },
  );
  sessions.push(session);
  return { session, told };
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a session with a replica', () => {
  it('fetches and follows', async () => {
    const { session, told } = await connect();
    expect(session).toMatchObject({ id: net.network.seeds[0], transport: 'ws', claims: { height: net.finalHeight, earliest: 0, snapshot: 50 } });
    const { value } = await session.getBlocks(1, 61, { headersOnly: false, signal });
    expect(value).toHaveLength(61);
    expect(value.every(({ parent }, i) => i === 0 || parent === value[i - 1]!.id)).toBe(true);
    expect(valid(value.at(-1)!.block)).toBe(true);
    expect(await session.proveTarget(1, { signal })).toMatchObject({ height: net.finalHeight, id: net.chains[0]!.at(net.finalHeight)!.hash, proven: true });
    await session.subscribe({ certified: true, final: true }, { signal });
    const from = net.finalHeight;
    await net.produce(3);
    await until(() => told.announced.length >= 6);
    const heights = (kind: 'block' | 'final') => told.announced.flatMap((it) => (it.kind !== kind ? [] : it.kind === 'block' ? [it.item.height] : [it.proof.final.header.height]));
    expect(heights('block')).toEqual([from + 2, from + 3, from + 4]);
    expect(heights('final')).toEqual([from + 1, from + 2, from + 3]);
    expect(session.claims.height).toBe(net.finalHeight);
    expect(session.received).toBeGreaterThan(10_000);
    expect(told.faults).toEqual([]);
  });

  it('ends when the replica stops, and begins again at the same address', async () => {
    const { told } = await connect(2);
    await net.stop(2);
    await until(() => told.closed.length > 0);
    await expect(connect(2)).rejects.toMatchObject({ name: 'FrameError', code: 'refused' });
    await net.startReplica(2);
    await connect(2);
  });

  it('gets fewer blocks than it asked for when they fill a frame of 8 MiB', async () => {
    const from = net.finalHeight + 2;
    for (let i = 0; i < 3; i++) net.put(Uint8Array.of(0x62, i), new Uint8Array(3_000_000).fill(i));
    await net.produce(5);
    const { session } = await connect();
    const { value, size } = await session.getBlocks(from, 5, { headersOnly: false, signal });
    expect(size).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(value.map(({ height }) => height)).toEqual([from, from + 1]);
    const { value: rest } = await session.getBlocks(from + 2, 3, { headersOnly: false, signal });
    expect(rest).toHaveLength(3);
    expect(() => net.put(Uint8Array.of(1), new Uint8Array(4_000_000))).toThrow(expect.objectContaining({ code: 'full' }) as Error);
  });

  it('is refused for another network', async () => {
    const options = { handlers: { announced: () => undefined, claims: () => undefined, fault: () => undefined, closed: () => undefined }, prove: async () => undefined, clock: systemClock, random: systemRandom, peerTimeout: 5000, connectionTimeout: 5000 };
    const target = socketUrlOf(net.network.seeds[0]!)!;
    await expect(connectSession(target, { ...options, network: { ...net.network, chainId: '00'.repeat(32) } }, { signal })).rejects.toMatchObject({ name: 'SessionError', code: 'other-network' });
    await expect(connectSession(target, { ...options, network: { ...net.network, genesisHash: '00'.repeat(32) } }, { signal })).rejects.toMatchObject({ name: 'SessionError', code: 'other-network' });
  });
});

describe('each fault, as a client sees it', () => {
  const faulty = async (fault: NetFault, peerTimeout?: number) => {
    await net.fault(1, fault, { ms: 50 });
    return connect(1, peerTimeout);
  };

  it('forged-qc: the last certificate of an answer is none, and no proof holds', async () => {
    const { session } = await faulty('forged-qc');
    const { value } = await session.getBlocks(10, 5, { headersOnly: true, signal });
    expect(value.map(({ block }) => valid(block))).toEqual([true, true, true, true, false]);
    await expect(session.proveTarget(1, { signal })).rejects.toMatchObject({ name: 'PeerFault', code: 'qc', weight: 'lie' });
  });

  it('bad-root: certified and linked, but its payload makes another state', async () => {
    const { session } = await faulty('bad-root');
    const { value } = await session.getBlocks(10, 5, { headersOnly: false, signal });
    expect(value.every(({ block }) => valid(block))).toBe(true);
    expect(value.every(({ parent }, i) => i === 0 || parent === value[i - 1]!.id)).toBe(true);
    const { header, payload } = value.at(-1)!.block;
    const honest = net.chains[0]!.at(14)!;
    expect(payload).toEqual(honest.payload);
    expect({ ...header, stateRoot: '' }).toEqual({ ...honest.header, stateRoot: '' });
    expect(header.stateRoot).not.toBe(honest.header.stateRoot);
  });

  it('wrong-range: an offence', async () => {
    const { session } = await faulty('wrong-range');
    await expect(session.getBlocks(10, 5, { headersOnly: false, signal })).rejects.toMatchObject({ name: 'PeerFault', code: 'wrong-range', weight: 'offence' });
  });

  it('stale-status: it stays where it was, and pushes nothing', async () => {
    const height = net.finalHeight;
    const { session, told } = await faulty('stale-status');
    await session.subscribe({ certified: true, final: true }, { signal });
    await net.produce(5);
    expect(await session.getStatus({ signal })).toMatchObject({ height });
    expect(await session.proveTarget(1, { signal })).toMatchObject({ height });
    await expect(session.getBlocks(height + 1, 1, { headersOnly: false, signal })).rejects.toMatchObject({ code: 'refused', data: { reason: 'beyond-tip' } });
    expect(told.announced).toEqual([]);
  });

  it('unfinal-tip-as-final: it claims the certified tip, and proves it with what is no certificate', async () => {
    const { session } = await faulty('unfinal-tip-as-final');
    expect(session.claims.height).toBe(net.finalHeight + 1);
    const { value } = await session.getFinality(0, { signal });
    expect([valid(value.final), valid(value.child)]).toEqual([true, false]);
    await expect(session.proveTarget(1, { signal })).rejects.toMatchObject({ code: 'qc' });
  });

  it('slow and silent: late, and never', async () => {
    const { session } = await faulty('slow');
    expect(await session.getStatus({ signal })).toMatchObject({ height: net.finalHeight });
    await net.fault(1, 'silent');
    const { session: silent } = await connect(1, 50);
    await expect(silent.getStatus({ signal })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('corrupt-chunk and wrong-manifest: other bytes than an honest replica’s', async () => {
    const { session } = await faulty('corrupt-chunk');
    const { session: honest } = await connect(0);
    const chunk = async (from: SyncSession) => (await from.getChunk(50, 0, { signal })).value;
    expect(await chunk(session)).not.toEqual(await chunk(honest));
    await net.fault(1, 'wrong-manifest');
    const roots = async (from: SyncSession) => decodeManifest((await from.getManifest(50, { signal })).value).chunkRoots;
    const [theirs, ours] = [await roots(session), await roots(honest)];
    expect(theirs[0]).not.toEqual(ours[0]);
    expect(theirs.slice(1)).toEqual(ours.slice(1));
  });

  it('endless-stream: an offence with every frame', async () => {
    const { session, told } = await faulty('endless-stream');
    await session.getBlocks(10, 5, { headersOnly: false, signal });
    await until(() => told.faults.length >= 3);
    expect(new Set(told.faults.map(({ code }) => code))).toEqual(new Set(['unrequested']));
  });

  it('half-frames: an offence of each request', async () => {
    const { session } = await faulty('half-frames');
    await expect(session.getStatus({ signal })).rejects.toMatchObject({ name: 'PeerFault', code: 'malformed' });
  });
});
