import { describe, expect, it } from 'vitest';
import { replayOf } from '../../devnet/stacks/scripted-peer.ts';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { codeOf } from '../../src/base/coded-error.ts';
import type { ByteStream } from '../../src/chains/stacks/net/byte-stream.ts';
import { FRAME_TIME, openPeerConnection, REPLY_TIME } from '../../src/chains/stacks/net/peer-connection.ts';
import { sealFrame } from '../../src/chains/stacks/net/own-frame.ts';
import { decodeFrame } from '../../src/chains/stacks/wire/frame.ts';
import type { PeerMessage } from '../../src/chains/stacks/wire/peer-message.ts';
import type { JobResult, Verify } from '../../src/crypto/jobs.ts';
import { recoverableSigner } from '../../src/crypto/secp256k1-sign.ts';
import { seededRandom } from '../../devnet/seeded-random.ts';
import { longTimeout, runs } from '../support/runs.ts';
import { settle, SettlingClock } from '../support/settling-clock.ts';
import { askedHashA, clientSigner, connectionOptions, connectTo, peerOf } from '../support/stacks-peers.ts';
import { burnViewOf, recordedPeerNetwork } from '../support/stacks-served-chain.ts';
import { chainA, chainB, exchanges } from '../support/stacks-vectors.ts';
import { verifyHere } from '../support/verify-here.ts';

const ask = (cycle = 4): PeerMessage => ({ kind: 'GetNakamotoInv', consensusHash: askedHashA(cycle) });
const codeOfRejected = (work: Promise<unknown>) => work.then(() => 'fulfilled', codeOf);
const dataOf = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => (error as { readonly data: unknown }).data);

describe.each([['a', chainA, 0, 36], ['b', chainB, 36, 70]] as const)('the recorded exchanges of p2p-%s.json', (_name, chain, from, to) => {
  const recorded = exchanges.slice(from, to).map((it) => ({ what: it.what, request: fromHex(it.req), reply: fromHex(it.rep) }));
  const options = { burnView: () => burnViewOf(chain), burnHashAt: (height: number) => chain.sortitions[height]?.burn_hash };

  it('are accepted when they are replayed, with the signatures of the node, in whatever pieces they come', async () => {
    const peer = { serve: (stream: ByteStream) => replayer.serve(stream) };
    const replayer = peerOf({ replay: replayOf(recorded) });
    const connection = await connectTo(peer, { ...options, piece: 100 });
    expect(toHex(connection.peer.publicKey)).toBe(exchanges[from + 1]!.decoded.signer);
    expect([connection.peer.heartbeat, connection.burnHeight]).toEqual([3600, chain.sortitions.length - 1]);
    for (const { request, reply } of recorded.slice(2)) {
      const message = decodeFrame(request).message;
      expect(await connection.request(message)).toEqual({ message: decodeFrame(reply).message, burnHeight: chain.sortitions.length - 1 });
    }
    connection.close();
    expect((await connection.closed).code).toBe('stopped');
  });

  it('have the same bytes as the requests made here, but for key and signature', () => {
    for (const { request } of recorded.filter((_, i) => i !== 1)) {
      const { message, preamble } = decodeFrame(request);
      const ours = sealFrame(message, preamble.sequence, recordedPeerNetwork, options.burnView(), clientSigner);
      ours.set(preamble.signature, 96);
      expect(toHex(ours)).toBe(toHex(request));
    }
  });
});

/** Nobody looks at what it signs; a signature takes longer than all else. */
const unsigned = { publicKey: clientSigner.publicKey, sign: () => new Uint8Array(65) };

/** The same frames come again and again. */
const verified = new Map<string, JobResult>();

/** A connection to which a byte stream hands these frames, the first as answer to the handshake with number 2, the second to the request with number 3. */
async function outcomeOf(handshake: Uint8Array, reply: Uint8Array): Promise<string> {
  const clock = new SettlingClock();
  const verify: Verify = async (job, options) => {
    const key = job.kind === 'secp256k1-recover' ? toHex(job.signatures[0]!.message) + toHex(job.signatures[0]!.signature) : '';
    const result = verified.get(key) ?? (await verifyHere(job, options));
    verified.set(key, result);
    return result;
  };
  let feed: (bytes: Uint8Array) => void = () => {};
  const answers = [handshake, reply];
  const stream: ByteStream = { send: () => queueMicrotask(() => feed(answers.shift() ?? new Uint8Array(0))), onBytes: (listener) => void (feed = listener), onClose: () => {}, close: () => {} };
  const work = (async () => {
    const connection = await openPeerConnection({ ...connectionOptions({ serve: () => {} }, { clock, verify, signer: unsigned }), stream });
    const { message } = await connection.request({ kind: 'GetNakamotoInv', consensusHash: chainA.sortitions[0]!.consensus_hash });
    connection.close();
    return message.kind;
  })();
  const outcome = work.catch(codeOf);
  await settle();
  await settle();
  // What waits for more bytes ends by its deadline.
  await clock.advance(REPLY_TIME);
  return outcome;
}

describe('every byte of a recorded frame', () => {
  const [handshake, reply] = [fromHex(exchanges[1]!.rep), fromHex(exchanges[2]!.rep)];
  const flipped = (bytes: Uint8Array, at: number, bit: number) => bytes.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte));
  const allowed = new Set(['preamble', 'signature', 'frame-length', 'malformed', 'silent', 'timeout', 'wrong-message', 'expired']);

  it('leads to a coded error when it is another, in the handshake as in a reply', async () => {
    expect(await outcomeOf(handshake, reply)).toBe('NakamotoInv');
    const seen = new Set<string>();
    for (const [which, frame] of [handshake, reply].entries()) {
      for (let at = 0; at < frame.length; at += 1) {
        const bad = flipped(frame, at, at % 8);
        const outcome = which === 0 ? await outcomeOf(bad, reply) : await outcomeOf(handshake, bad);
        expect([which, at, allowed.has(outcome) ? 'refused' : outcome]).toEqual([which, at, 'refused']);
        seen.add(outcome);
      }
    }
    expect([...seen].toSorted()).toEqual(expect.arrayContaining(['frame-length', 'malformed', 'preamble', 'signature', 'silent', 'timeout']));
  });
});

describe('any bytes', () => {
  it('end the connection with a coded error, or are waited for until the deadline', async () => {
    const codes = new Set<string>();
    const random = seededRandom('peer-connection', 'garbage');
    for (let run = 0; run < runs(100, 20_000).numRuns; run += 1) {
      const handshake = fromHex(exchanges[1]!.rep);
      const garbage = random.bytes(run % 2 === 0 ? handshake.length : 1 + Math.floor(random.next() * 600));
      // Some have the front of a frame.
      if (run % 2 === 0) garbage.set(handshake.subarray(0, (run * 7) % handshake.length));
      codes.add(await outcomeOf(garbage, new Uint8Array(0)));
      codes.add(await outcomeOf(handshake, garbage));
    }
    expect([...codes].filter((it) => !['preamble', 'signature', 'frame-length', 'malformed', 'silent', 'timeout'].includes(it))).toEqual([]);
    expect(codes.size).toBeGreaterThan(3);
  }, longTimeout);
});

describe('a peer that does wrong', () => {
  it.each([
    ['silence', 'timeout', 'open'], ['close', 'closed', 'closed'], ['wrong-message', 'wrong-message', 'wrong-message'], ['wrong-sequence', 'timeout', 'open'], ['wrong-signature', 'signature', 'signature'],
    ['oversized', 'frame-length', 'frame-length'], ['too-long', 'frame-length', 'frame-length'], ['truncated', 'timeout', 'truncated'],
  ] as const)('%s: the request ends with %s, the connection is %s', async (fault, code, end) => {
    const clock = new SettlingClock();
    const peer = peerOf();
    const connection = await connectTo(peer, { clock });
    peer.fault = fault;
    const outcome = codeOfRejected(connection.request(ask()));
    await settle();
    await clock.advance(REPLY_TIME);
    expect(await outcome).toBe(code);
    await clock.advance(FRAME_TIME - REPLY_TIME);
    peer.fault = undefined;
    // An open connection serves the next request; a closed one tells why it ended.
    const next = await connection.request(ask()).then(({ message }) => message.kind, codeOf);
    expect([next, peer.connections]).toEqual(end === 'open' ? ['NakamotoInv', 1] : [end, 0]);
    connection.close();
    expect(clock.waiting).toBe(0);
  });

  it.each([
    ['silence', 'silent'], ['close', 'closed'], ['wrong-message', 'wrong-message'], ['wrong-sequence', 'silent'], ['wrong-signature', 'signature'], ['oversized', 'frame-length'], ['truncated', 'silent'],
  ] as const)('%s in the handshake: %s', async (fault, code) => {
    const clock = new SettlingClock();
    const peer = peerOf();
    Object.assign(peer, { fault, faultsHandshake: true });
    const outcome = codeOfRejected(connectTo(peer, { clock }));
    await settle();
    await clock.advance(REPLY_TIME);
    expect(await outcome).toBe(code);
    expect([peer.connections, clock.waiting]).toEqual([0, 0]);
  });

  it.each([1, 2, 3, 4, 5, 10])('refuses the handshake with Nack %i', async (nack) => {
    const peer = peerOf();
    Object.assign(peer, { fault: { nack }, faultsHandshake: true });
    expect(await dataOf(connectTo(peer))).toEqual({ nack });
  });

  it.each([1, 2, 3, 4, 5, 10])('answers Nack %i to a request: the caller gets it', async (code) => {
    const peer = peerOf();
    const connection = await connectTo(peer);
    peer.fault = { nack: code };
    expect((await connection.request(ask())).message).toEqual({ kind: 'Nack', code });
    connection.close();
  });

  it('is of another network, of another version, or on another Bitcoin chain', async () => {
    const other = (network: Partial<typeof recordedPeerNetwork>, of: Parameters<typeof connectTo>[1] = {}) => {
      const peer = peerOf({ network: { ...recordedPeerNetwork, ...network } });
      // The peer takes anything, so that the client is the one who sees it.
      return dataOf(connectTo({ serve: (stream) => peer.serve({ ...stream, onBytes: (listener) => stream.onBytes((bytes) => listener(disguised(bytes, network))) }) }, of));
    };
    expect(await other({ networkId: 1 })).toEqual({ fault: 'network' });
    expect(await other({ peerVersion: 0x02_02_03_04 })).toEqual({ fault: 'peer-version' });
    expect(await other({}, { burnHashAt: () => '00'.repeat(32) })).toEqual({ fault: 'stable-hash' });
  });
});

/** The client's handshake as another network's client would send it. */
function disguised(bytes: Uint8Array, network: Partial<typeof recordedPeerNetwork>): Uint8Array {
  const { message, preamble } = decodeFrame(bytes);
  return sealFrame(message, preamble.sequence, { ...recordedPeerNetwork, ...network }, burnViewOf(chainA), clientSigner);
}

describe('a connection', () => {
  it('is refused by a peer whose rules its frames break', async () => {
    expect(await codeOfRejected(connectTo(peerOf(), { network: { ...recordedPeerNetwork, networkId: 1 } }))).toBe('closed');
    expect(await codeOfRejected(connectTo(peerOf(), { burnView: () => ({ ...burnViewOf(chainA), stableHash: '11'.repeat(32) }) }))).toBe('closed');
    expect(await codeOfRejected(connectTo(peerOf(), { signer: { publicKey: clientSigner.publicKey, sign: recoverableSigner(new Uint8Array(32).fill(8)).sign } }))).toBe('closed');
  });

  it('says in its handshake that it listens nowhere and serves nothing, or what it is told to say', async () => {
    const peer = peerOf();
    for (const self of [undefined, { port: 20_444, services: 3, dataUrl: 'http://127.0.0.1:1' }]) (await connectTo(peer, { self })).close();
    const said = { kind: 'Handshake', data: { address: '00000000000000000000ffff7f000001', port: 0, services: 0, publicKey: clientSigner.publicKey, expire: 0xff_ff_ff_ff, dataUrl: '' } };
    expect(peer.asked.map(({ message }) => message)).toEqual([said, { ...said, data: { ...said.data, port: 20_444, services: 3, dataUrl: 'http://127.0.0.1:1' } }]);
  });

  it('answers pings, and ignores messages that it does not know or did not ask for', async () => {
    const peer = peerOf();
    const connection = await connectTo(peer);
    peer.push({ kind: 'Ping', nonce: 77 }, 5);
    peer.push({ kind: 'Other', type: 200, payload: new Uint8Array(1000) });
    peer.push({ kind: 'Nack', code: 3 });
    await settle();
    expect(peer.asked.at(-1)!.message).toEqual({ kind: 'Pong', nonce: 77 });
    expect((await connection.request({ kind: 'Ping', nonce: 5 })).message).toEqual({ kind: 'Pong', nonce: 5 });
    connection.close();
  });

  it('shows signs of life after half of the time that the peer wants, and ends when none is answered', async () => {
    const clock = new SettlingClock();
    const peer = peerOf({ heartbeat: 60 });
    const connection = await connectTo(peer, { clock });
    const pings = () => peer.asked.filter(({ message }) => message.kind === 'Ping').length;
    await clock.advance(29_999);
    expect(pings()).toBe(0);
    await clock.advance(1);
    expect(pings()).toBe(1);
    await clock.advance(15_000);
    await connection.request(ask());
    await clock.advance(29_999);
    expect(pings()).toBe(1);
    await clock.advance(1);
    expect(pings()).toBe(2);
    peer.fault = 'silence';
    await clock.advance(30_000 + REPLY_TIME);
    expect((await connection.closed).code).toBe('silent');
    expect(clock.waiting).toBe(0);
  });

  it('has a bound of time between signs of life, whatever the peer wants', async () => {
    const clock = new SettlingClock();
    const peer = peerOf({ heartbeat: 0 });
    const connection = await connectTo(peer, { clock });
    await clock.advance(60_000);
    expect(peer.asked.filter(({ message }) => message.kind === 'Ping')).toHaveLength(12);
    connection.close();
  });

  it('has a bound of requests, ends one with its signal, and takes no late reply for another', async () => {
    const clock = new SettlingClock();
    const peer = peerOf();
    const connection = await connectTo(peer, { clock });
    peer.fault = 'silence';
    const control = new AbortController();
    const waiting = Array.from({ length: 8 }, (_, i) => codeOfRejected(connection.request(ask(), i === 0 ? { signal: control.signal } : { timeout: 1000 * (i + 1) })));
    await settle();
    expect(await codeOfRejected(connection.request(ask()))).toBe('busy');
    control.abort(new DOMException('enough', 'AbortError'));
    await clock.advance(8000);
    expect((await Promise.all(waiting)).slice(1)).toEqual(Array.from({ length: 7 }, () => 'timeout'));
    peer.fault = undefined;
    // The number of the first request.
    peer.push({ kind: 'NakamotoInv', tenures: { length: 1, bytes: Uint8Array.of(0) } }, 3);
    expect((await connection.request(ask())).message).toMatchObject({ tenures: { length: 10 } });
    connection.close();
    const aborted = AbortSignal.abort(new DOMException('enough', 'AbortError'));
    await expect(connection.request(ask(), { signal: aborted })).rejects.toThrow('enough');
  });

  it('is given up with its signal while hands are shaken', async () => {
    const peer = peerOf();
    Object.assign(peer, { fault: 'silence', faultsHandshake: true });
    const control = new AbortController();
    const work = connectTo(peer, {}, { signal: control.signal });
    await settle();
    control.abort(new DOMException('enough', 'AbortError'));
    await expect(work).rejects.toThrow('enough');
    await settle();
    expect(peer.connections).toBe(0);
  });

  it('is cut off when the peer sends more frames than can be checked, or more than anybody needs', async () => {
    const peer = peerOf();
    const connection = await connectTo(peer);
    peer.push({ kind: 'Pong', nonce: 1 }, 9, 70);
    expect((await connection.closed).code).toBe('flooded');
    const slow = await connectTo(peer, { verify: async (job) => ({ valid: true, decoded: [], keys: job.kind === 'secp256k1-recover' ? [recoverableSigner(new Uint8Array(32).fill(1)).publicKey] : [] }) });
    for (let i = 0; i < 1024; i += 64) {
      peer.push({ kind: 'Pong', nonce: i }, 9, 64);
      await settle();
    }
    expect((await slow.request(ask())).message.kind).toBe('NakamotoInv');
    peer.push({ kind: 'Pong', nonce: 1 });
    expect((await slow.closed).code).toBe('flooded');
  });

  it('ends when its verifier does, and is not opened with a key that is not valid any more', async () => {
    expect(await codeOfRejected(connectTo(peerOf(), { verify: () => Promise.reject(new Error('no verifier')) }))).toBe('stopped');
    expect(await codeOfRejected(connectTo(peerOf({ expire: 77 })))).toBe('expired');
    const connection = await connectTo(peerOf({ expire: 78 }));
    connection.close();
  });
});
