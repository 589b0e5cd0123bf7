import { describe, expect, it } from 'vitest';
import { SettlingClock } from '../../../../test/support/settling-clock.ts';
import { toHex } from '../../../base/bytes.ts';
import type { Announcement } from '../../../engine/follow/followed-chain.ts';
import type { RequestError } from '../../../engine/peers/peer-net.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import type { PeerClaims } from '../../../engine/sync/sync-peer.ts';
import type { FrameClose, FrameHandlers } from '../../../network/framed/frame-connection.ts';
import type { SilenceRule } from '../../../network/framed/silence-watch.ts';
import { chainIdOf, hashOf, ZERO_HASH } from '../chain/hash.ts';
import type { Hs2Block } from '../chain/hs2-block.ts';
import { encodeFinalityProof, type FinalityProof } from '../wire/finality-proof.ts';
import { encodeHeader, type Header } from '../wire/header.ts';
import { encodePayload } from '../wire/payload.ts';
import { encodeQc, type Ed25519Qc } from '../wire/qc.ts';
import { encodeSyncAnswer, type SyncAnswer, type SyncStatus } from '../wire/sync-answers.ts';
import { decodeSyncRequest, type SyncRequest } from '../wire/sync-requests.ts';
import { SyncSession, type ProveFinality, type SessionConnection } from './sync-session.ts';

const network = { chainId: chainIdOf('test'), genesisHash: 'ab'.repeat(32) };
const status: SyncStatus = { finalHeight: 20, finalHash: new Uint8Array(32), earliest: 0, snapshot: 0, time: 1 };
const hash = 'cd'.repeat(32);
const payload = encodePayload([]);
const signal = new AbortController().signal;

function headerAt(height: number, view = height): Header {
  return { chainId: network.chainId, height, view, proposer: 0, time: height, parent: ZERO_HASH, payloadRoot: hash, payloadLength: payload.length, stateRoot: hash, validators: hash, nextValidators: hash };
}

function qcOf(header: Header): Uint8Array {
  const qc: Ed25519Qc = { scheme: 'ed25519', view: header.view, hash: hashOf(encodeHeader(header)), signers: [0], times: [1], signatures: [new Uint8Array(64)] };
  return encodeQc(qc);
}

function blockAt(height: number): { readonly bytes: Uint8Array; readonly qc: Uint8Array } {
  const header = headerAt(height);
  return { bytes: Uint8Array.from([...encodeHeader(header), ...payload]), qc: qcOf(header) };
}

function proofOf(height: number): Uint8Array {
  const part = (at: number) => ({ header: headerAt(at), headerBytes: encodeHeader(headerAt(at)), payload: undefined, qc: { scheme: 'ed25519' as const, view: at, hash, signers: [], times: [], signatures: [] }, qcBytes: qcOf(headerAt(at)) });
  return encodeFinalityProof({ final: part(height), child: part(height + 1) });
}

/** The other end: answers as the script says. */
class Scripted implements SessionConnection {
  handlers: FrameHandlers | undefined;
  silence: SilenceRule | undefined;
  received = 0;
  readonly asked: { readonly id: number; readonly request: SyncRequest }[] = [];
  readonly closes: (string | undefined)[] = [];
  answers: (request: SyncRequest) => SyncAnswer | undefined;

  constructor(answers: (request: SyncRequest) => SyncAnswer | undefined) {
    this.answers = answers;
  }

  listen(handlers: FrameHandlers, silence?: SilenceRule): void {
    this.handlers = handlers;
    this.silence = silence;
  }

  send(frame: Uint8Array): void {
    const asked = decodeSyncRequest(frame);
    this.asked.push(asked);
    const answer = this.answers(asked.request);
    if (answer) queueMicrotask(() => this.push(asked.id, answer));
  }

  push(id: number, answer: SyncAnswer): void {
    this.raw(encodeSyncAnswer(id, answer));
  }

  raw(frame: Uint8Array): void {
    this.received += frame.length;
    this.handlers!.onFrame(frame);
  }

  close(_code?: number, text?: string): void {
    this.closes.push(text);
    this.end({ code: 1000, text: text ?? '', by: 'local' });
  }

  end(close: FrameClose): void {
    this.handlers!.onClose(close);
  }
}

const ack = (request: SyncRequest & { readonly type: 'hello' }): SyncAnswer => ({ type: 'hello-ack', version: 1, chainId: request.chainId, nonce: request.nonce, genesisHash: Uint8Array.from({ length: 32 }, () => 0xab), status });

function world(answers: (request: SyncRequest) => SyncAnswer | undefined, prove: ProveFinality = async () => undefined) {
  const clock = new SettlingClock();
  const told = { announced: [] as Announcement<Hs2Block, FinalityProof>[], claims: [] as PeerClaims[], faults: [] as Fault[], closed: [] as (string | undefined)[] };
  const connection = new Scripted((request) => (request.type === 'hello' ? ack(request) : answers(request)));
  const options = {
    address: '/ip4/127.0.0.1/tcp/1/ws',
    transport: 'ws' as const,
    network,
    handlers: { announced: (it: Announcement<Hs2Block, FinalityProof>) => told.announced.push(it), claims: (it: PeerClaims) => told.claims.push(it), fault: (it: Fault) => told.faults.push(it), closed: (it: string | undefined) => told.closed.push(it) },
    prove,
    clock,
    random: { next: () => 0, bytes: (length: number) => new Uint8Array(length).fill(7) },
    peerTimeout: 10_000,
    connectionTimeout: 5_000,
  };
  return { clock, told, connection, options };
}

async function session(answers: (request: SyncRequest) => SyncAnswer | undefined, prove?: ProveFinality) {
  const made = world(answers, prove);
  return { ...made, peer: await SyncSession.open(made.connection, made.options, { signal }) };
}

/** What the promise rejects with; undefined if it resolves. */
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(
  () => undefined,
  (error: unknown) => error,
);

describe('the handshake of a session', () => {
  it('takes the peer’s claims from a right answer', async () => {
    const { peer, connection } = await session(() => undefined);
    expect(peer.claims).toEqual({ height: 20, earliest: 0, snapshot: undefined });
    expect(connection.asked[0]!.request).toEqual({ type: 'hello', version: 1, chainId: expect.any(Uint8Array), nonce: new Uint8Array(32).fill(7) });
  });

  it.each<[string, (right: SyncAnswer & { readonly type: 'hello-ack' }) => SyncAnswer, string]>([
    ['another chain', (right) => ({ ...right, chainId: new Uint8Array(32) }), 'other-network'],
    ['another genesis', (right) => ({ ...right, genesisHash: new Uint8Array(32) }), 'other-network'],
    ['another version', (right) => ({ ...right, version: 2 }), 'other-version'],
    ['another nonce', (right) => ({ ...right, nonce: new Uint8Array(32) }), 'handshake'],
    ['another frame first', () => ({ type: 'status', status }), 'handshake'],
    ['a push first', () => ({ type: 'new-final', proof: proofOf(3) }), 'handshake'],
    ['Error 2', () => ({ type: 'error', code: 2, text: '' }), 'other-network'],
    ['Error 3', () => ({ type: 'error', code: 3, text: '' }), 'other-version'],
    ['Error 6', () => ({ type: 'error', code: 6, text: '' }), 'refused'],
  ])('%s: the connection is closed with a coded error', async (_, change, code) => {
    const { connection, options, told } = world(() => undefined);
    connection.answers = (request) => change(ack(request as SyncRequest & { readonly type: 'hello' }) as SyncAnswer & { readonly type: 'hello-ack' });
    await expect(SyncSession.open(connection, options, { signal })).rejects.toMatchObject({ name: 'SessionError', code });
    expect(connection.closes).toEqual([code]);
    expect(told.closed).toEqual([]);
  });

  it('ends after its time, at the signal, and when the peer closes', async () => {
    const late = world(() => undefined);
    late.connection.answers = () => undefined;
    const timeout = failure(SyncSession.open(late.connection, late.options, { signal }));
    await late.clock.advance(5_000);
    expect(await timeout).toMatchObject({ code: 'timeout' });
    const aborted = new AbortController();
    const given = SyncSession.open(late.connection, late.options, { signal: aborted.signal });
    aborted.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    const closing = world(() => undefined);
    closing.connection.answers = () => undefined;
    const refused = SyncSession.open(closing.connection, closing.options, { signal });
    closing.connection.end({ code: 1008, text: '', by: 'remote' });
    await expect(refused).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('requests of a session', () => {
  it('gives blocks and headers with heights, ids and sizes', async () => {
    const { peer } = await session((request) => {
      if (request.type === 'get-blocks') return { type: 'blocks', from: request.from, items: [blockAt(5), blockAt(6)] };
      return request.type === 'get-headers' ? { type: 'headers', from: request.from, items: [{ ...blockAt(5), bytes: encodeHeader(headerAt(5)) }] } : undefined;
    });
    const { value, size } = await peer.getBlocks(5, 3, { headersOnly: false, signal });
    expect(value.map(({ height, id }) => [height, id])).toEqual([5, 6].map((height) => [height, hashOf(encodeHeader(headerAt(height)))]));
    expect(size).toBeGreaterThan(2 * 227);
    const { value: headers } = await peer.getBlocks(5, 1, { headersOnly: true, signal });
    expect(headers[0]).toMatchObject({ height: 5, block: { payload: undefined } });
    expect(peer.latency).toBe(0);
  });

  it.each<[string, SyncAnswer, string]>([
    ['from another height', { type: 'blocks', from: 6, items: [blockAt(6)] }, 'wrong-range'],
    ['more than were asked', { type: 'blocks', from: 5, items: [5, 6, 7, 8].map(blockAt) }, 'wrong-range'],
    ['another height inside', { type: 'blocks', from: 5, items: [blockAt(5), blockAt(7)] }, 'wrong-range'],
    ['a block cut short', { type: 'blocks', from: 5, items: [{ ...blockAt(5), bytes: blockAt(5).bytes.slice(0, 225) }] }, 'malformed'],
    ['a certificate cut short', { type: 'blocks', from: 5, items: [{ ...blockAt(5), qc: blockAt(5).qc.slice(1) }] }, 'malformed'],
    ['an answer of another kind', { type: 'status', status }, 'wrong-kind'],
  ])('an answer with %s is an offence', async (_, answer, code) => {
    const { peer, told } = await session((request) => (request.type === 'get-blocks' ? answer : undefined));
    await expect(peer.getBlocks(5, 3, { headersOnly: false, signal })).rejects.toMatchObject({ name: 'PeerFault', code, weight: 'offence' });
    // The request carries the fault: it is not counted twice.
    expect(told.faults).toEqual([]);
  });

  it('an answer that ends early is an offence of its request', async () => {
    const { peer, connection, told } = await session(() => undefined);
    const asked = peer.getStatus({ signal });
    connection.raw(encodeSyncAnswer(connection.asked[1]!.id, { type: 'status', status }).subarray(0, 20));
    await expect(asked).rejects.toMatchObject({ name: 'PeerFault', code: 'malformed' });
    expect(told.faults).toEqual([]);
  });

  it('takes answers in any order, and refusals with their reason', async () => {
    const { peer, connection } = await session(() => undefined);
    const first = peer.getChunk(100, 0, { signal });
    const second = peer.getChunk(100, 1, { signal });
    const third = peer.getManifest(undefined, { signal });
    const [, a, b, c] = connection.asked.map(({ id }) => id);
    connection.push(c!, { type: 'error', code: 4, text: 'gone' });
    connection.push(b!, { type: 'chunk', index: 1, chunk: Uint8Array.of(1) });
    connection.push(a!, { type: 'chunk', index: 0, chunk: Uint8Array.of(0) });
    await expect(third).rejects.toMatchObject({ name: 'RequestError', code: 'refused', data: { reason: 'pruned' } });
    expect([(await first).value, (await second).value]).toEqual([Uint8Array.of(0), Uint8Array.of(1)]);
  });

  it('checks the chunk’s index, the manifest’s height, and the bytes of a set', async () => {
    const manifest = { height: 50, blockHash: new Uint8Array(32), stateRoot: new Uint8Array(32), entries: 0, entriesPerChunk: 16, chunkRoots: [] };
    const { peer } = await session((request) => {
      if (request.type === 'get-chunk') return { type: 'chunk', index: 3, chunk: Uint8Array.of(0) };
      if (request.type === 'get-snapshot') return { type: 'manifest', manifest };
      return request.type === 'get-validators' ? { type: 'validators', set: Uint8Array.of(1, 2, 3) } : undefined;
    });
    await expect(peer.getChunk(50, 2, { signal })).rejects.toMatchObject({ code: 'wrong-range', weight: 'offence' });
    await expect(peer.getManifest(100, { signal })).rejects.toMatchObject({ code: 'wrong-range', weight: 'offence' });
    expect((await peer.getManifest(undefined, { signal })).value).toHaveLength(88);
    await expect(peer.getValidators('00'.repeat(32), { signal })).rejects.toMatchObject({ code: 'set-unknown-bytes', weight: 'lie' });
    expect(toHex(await peer.getValidators(hashOf(Uint8Array.of(1, 2, 3)), { signal }))).toBe('010203');
  });

  it('moves the proven height by a checked proof only', async () => {
    const answers = (request: SyncRequest): SyncAnswer | undefined => (request.type === 'get-finality' ? { type: 'finality', proof: proofOf(17) } : undefined);
    const good = await session(answers);
    expect(await good.peer.proveTarget(10, { signal })).toEqual({ height: 17, id: hashOf(encodeHeader(headerAt(17))), proven: true, by: headerAt(17).validators });
    await expect(good.peer.proveTarget(18, { signal })).rejects.toMatchObject({ name: 'RequestError', code: 'refused' });
    await expect(good.peer.getFinality(18, { signal })).rejects.toMatchObject({ code: 'wrong-range', weight: 'offence' });
    const bad = await session(answers, async () => ({ code: 'qc', weight: 'lie', data: { height: 17 } }));
    await expect(bad.peer.proveTarget(10, { signal })).rejects.toMatchObject({ name: 'PeerFault', code: 'qc', weight: 'lie', data: { height: 17 } });
  });

  it('ends a request after its time, and asks for sixteen things at most', async () => {
    const { peer, clock } = await session(() => undefined);
    const asked = Array.from({ length: 16 }, () => peer.getStatus({ signal }));
    await expect(peer.getStatus({ signal })).rejects.toMatchObject({ code: 'busy' });
    const failures = Promise.all(asked.map(failure));
    await clock.advance(10_000);
    expect((await failures).map((error) => (error as RequestError).code)).toEqual(asked.map(() => 'timeout'));
  });

  it('rejects what waits when the connection ends', async () => {
    const { peer, connection, told } = await session(() => undefined);
    const asked = peer.getStatus({ signal });
    connection.end({ code: 1006, text: '', by: 'silent' });
    await expect(asked).rejects.toMatchObject({ code: 'disconnected' });
    await expect(peer.getStatus({ signal })).rejects.toMatchObject({ code: 'disconnected' });
    expect(told.closed).toEqual(['silent']);
  });
});

describe('what a session hears unasked', () => {
  const subscribed = (request: SyncRequest): SyncAnswer | undefined => (request.type === 'subscribe' ? { type: 'subscribed' } : request.type === 'unsubscribe' ? { type: 'unsubscribed' } : undefined);

  it('passes on pushes of its subscription, and the height that they claim', async () => {
    const { peer, connection, told } = await session(subscribed);
    const id = await peer.subscribe({ certified: true, final: true }, { signal });
    connection.push(id, { type: 'new-certified', item: blockAt(21) });
    connection.push(id, { type: 'new-final', proof: proofOf(22) });
    expect(told.announced).toMatchObject([{ kind: 'block', item: { height: 21 } }, { kind: 'final', proof: { final: { header: { height: 22 } } } }]);
    expect(told.claims).toEqual([{ height: 22, earliest: 0, snapshot: undefined }]);
    await peer.unsubscribe(id, { signal });
    connection.push(id, { type: 'new-final', proof: proofOf(23) });
    expect(told.faults).toEqual([{ code: 'unrequested', weight: 'offence' }]);
  });

  it('reports pushes of another kind or id, answers that nobody asked for, and what does not decode', async () => {
    const { peer, connection, told } = await session(subscribed);
    const id = await peer.subscribe({ certified: true, final: false }, { signal });
    connection.push(id, { type: 'new-final', proof: proofOf(22) });
    connection.push(id + 50, { type: 'new-certified', item: blockAt(21) });
    connection.push(999, { type: 'status', status });
    connection.push(998, { type: 'error', code: 1, text: '' });
    connection.push(id, { type: 'new-certified', item: { ...blockAt(21), qc: Uint8Array.of(1) } });
    connection.raw(Uint8Array.of(1, 2, 3));
    connection.raw(Uint8Array.of(0x77, 0, 0, 0, 0, 1));
    expect(told.faults.map(({ code }) => code)).toEqual(['unrequested', 'unrequested', 'unrequested', 'unrequested', 'malformed', 'malformed', 'malformed']);
    expect(told.announced).toEqual([]);
  });

  it('does not blame a peer for an answer that comes late', async () => {
    const { peer, connection, told, clock } = await session(() => undefined);
    const asked = failure(peer.getStatus({ signal }));
    await clock.advance(10_000);
    expect(await asked).toMatchObject({ code: 'timeout' });
    connection.push(connection.asked[1]!.id, { type: 'status', status });
    expect(told.faults).toEqual([]);
  });

  it('pings in silence, and blames a wrong echo', async () => {
    const { connection, told } = await session((request) => (request.type === 'ping' ? { type: 'pong', echo: request.echo } : undefined));
    expect(connection.silence).toMatchObject({ pingAfter: 30_000, closeAfter: 60_000 });
    connection.silence!.ping();
    await new Promise((resolve) => setImmediate(resolve));
    expect(told.faults).toEqual([]);
    connection.answers = () => ({ type: 'pong', echo: new Uint8Array(8) });
    connection.silence!.ping();
    await new Promise((resolve) => setImmediate(resolve));
    expect(told.faults).toEqual([{ code: 'malformed', weight: 'offence' }]);
  });

  it('tells why the connection ended: the peer’s word, or the rule that it broke', async () => {
    const first = await session(() => undefined);
    first.connection.end({ code: 1008, text: 'no room', by: 'remote' });
    expect(first.told.closed).toEqual(['no room']);
    const second = await session(() => undefined);
    second.connection.end({ code: 4008, text: '', by: 'frame-too-large' });
    expect(second.told.faults).toEqual([{ code: 'frame-too-large', weight: 'offence' }]);
    expect(second.told.closed).toEqual(['frame-too-large']);
    const third = await session(() => undefined);
    third.peer.close('bye');
    expect([third.connection.closes, third.told.closed]).toEqual([['bye'], [undefined]]);
  });
});
