import { array, assert, constantFrom, integer, nat, oneof, property, record, uint8Array } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesOf, fuzzedWith } from '../../../../test/support/stacks-fuzz.ts';
import { chainA, exchanges, fromBase64 } from '../../../../test/support/stacks-vectors.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { recoverKey } from '../../../crypto/secp256k1-recover.ts';
import { bitsOf, byteCountOf } from './bit-vector.ts';
import { decodeBlock } from './block.ts';
import { ByteReader } from './byte-reader.ts';
import { decodeFrame, encodeFrame, frameHash, readPreamble, type Frame } from './frame.ts';
import type { PeerMessage } from './peer-message.ts';

const text = (bits: readonly boolean[]) => bits.map(Number).join('');
/** The message in the form of the recordings. */
const plainOf = (message: PeerMessage): unknown => {
  switch (message.kind) {
    case 'Nack':
      return { code: message.code };
    case 'NakamotoInv':
      return { n: message.tenures.length, bits: text(bitsOf(message.tenures)) };
    case 'BlocksInv':
      return { bitlen: message.length, blocks: toHex(message.blocks), microblocks: toHex(message.microblocks) };
    case 'PoxInv':
      return { bitlen: message.length, pox: toHex(message.pox) };
    case 'HandshakeAccept': {
      const { data } = message;
      return { addr: data.address, port: data.port, services: data.services, node_public_key: toHex(data.publicKey), expire: String(data.expire), data_url: data.dataUrl, heartbeat: data.heartbeat };
    }
    default:
      return undefined;
  }
};

describe('recorded exchanges', () => {
  it('are written again to the same bytes, and mean what was recorded', () => {
    expect(exchanges).toHaveLength(70);
    const kinds = new Set<string>();
    for (const { req, rep, decoded, what } of exchanges) {
      const [request, reply] = [decodeFrame(fromHex(req)), decodeFrame(fromHex(rep))];
      expect([what, toHex(encodeFrame(request)), toHex(encodeFrame(reply))]).toEqual([what, req, rep]);
      expect([what, reply.message.kind, plainOf(reply.message)]).toEqual([what, decoded.name, decoded.data]);
      expect(reply.preamble.sequence).toBe(request.preamble.sequence);
      for (const it of [request, reply]) kinds.add(it.message.kind);
    }
    expect([...kinds].toSorted()).toEqual(['BlocksInv', 'GetBlocksInv', 'GetNakamotoInv', 'GetPoxInv', 'Handshake', 'HandshakeAccept', 'Nack', 'NakamotoInv', 'Ping', 'Pong', 'PoxInv']);
  });

  it('carry the signature of the key of the handshake', () => {
    for (const { rep, decoded, req } of exchanges) {
      const bytes = fromHex(rep);
      expect(toHex(recoverKey(frameHash(bytes), decodeFrame(bytes).preamble.signature)!)).toBe(decoded.signer);
      bytes[bytes.length - 1]! ^= 1;
      expect(frameHash(bytes)).not.toEqual(frameHash(fromHex(rep)));
      const request = decodeFrame(fromHex(req));
      expect(request.message.kind === 'Handshake' ? toHex(recoverKey(frameHash(fromHex(req)), request.preamble.signature)!) : '').toBe(request.message.kind === 'Handshake' ? toHex(request.message.data.publicKey) : '');
    }
  });

  it('have the preamble alone at their front', () => {
    const bytes = fromHex(exchanges[1]!.rep);
    expect(readPreamble(new ByteReader(bytes))).toEqual(decodeFrame(bytes).preamble);
    expect(readPreamble(new ByteReader(bytes)).payloadLength).toBe(bytes.length - 165);
  });
});

const bytes = (length: number) => uint8Array({ minLength: length, maxLength: length });
const hex = (length: number): Arbitrary<string> => bytes(length).map(toHex);
const u32 = nat(2 ** 32 - 1);
const u16 = nat(65_535);
const own = { address: hex(16), port: u16, services: u16, publicKey: bytes(33), expire: nat(Number.MAX_SAFE_INTEGER), dataUrl: constantFrom('', 'http://127.0.0.1:1') };
const data = record({ ...own, heartbeat: u32 });
const bits = integer({ min: 1, max: 100 }).chain((length) => record({ length: constantFrom(length), first: bytes(byteCountOf(length)), second: bytes(byteCountOf(length)) }));
const blocks = chainA.blocks.slice(0, 2).map((it) => decodeBlock(fromBase64(it.block_b64)));
const message: Arbitrary<PeerMessage> = oneof(
  record({ kind: constantFrom('Handshake' as const), data: record(own) }),
  data.map((it) => ({ kind: 'HandshakeAccept' as const, data: it })),
  record({ kind: constantFrom('StackerDBHandshakeAccept' as const), data, databases: uint8Array({ maxLength: 50 }) }),
  record({ kind: constantFrom('GetBlocksInv' as const, 'GetPoxInv' as const), consensusHash: hex(20), count: u16 }),
  bits.map(({ length, first, second }) => ({ kind: 'BlocksInv' as const, length, blocks: first, microblocks: second })),
  bits.map(({ length, first }) => ({ kind: 'PoxInv' as const, length, pox: first })),
  bits.map(({ length, first }) => ({ kind: 'NakamotoInv' as const, tenures: { length, bytes: first } })),
  record({ kind: constantFrom('GetNakamotoInv' as const), consensusHash: hex(20) }),
  record({ kind: constantFrom('Nack' as const), code: u32 }),
  record({ kind: constantFrom('Ping' as const, 'Pong' as const), nonce: u32 }),
  record({ kind: constantFrom('NakamotoBlocks' as const), blocks: constantFrom(blocks, [], blocks.slice(1)) }),
  record({ kind: constantFrom('Other' as const), type: constantFrom(3, 20, 255), payload: uint8Array({ maxLength: 20 }) }),
);
const preamble = record({ peerVersion: u32, networkId: u32, sequence: u32, burnHeight: u32, burnHash: hex(32), stableHeight: u32, stableHash: hex(32), additional: u32, signature: bytes(65) });
const frame = record({ preamble, relayers: array(record({ address: hex(16), port: u16, keyHash: hex(20), sequence: u32 }), { maxLength: 3 }), message });

describe('frames', () => {
  it('are decoded to what was encoded', () => {
    assert(property(frame, (it) => {
      const decoded: Frame = decodeFrame(encodeFrame(it));
      expect(decoded).toEqual({ ...it, preamble: { ...it.preamble, payloadLength: decoded.preamble.payloadLength } });
    }), runs(200, 20_000));
    expect(blocks).toHaveLength(2);
  });

  it.each([...new Map(exchanges.flatMap(({ req, rep }) => [req, rep]).map((it) => [decodeFrame(fromHex(it)).message.kind, it]))])('%s is refused when it ends early, at every byte, or goes on, and never throws but a coded error', (_kind, it) => {
    const good = fromHex(it);
    for (let length = 0; length < good.length; length += 1) expect([length, codesOf(decodeFrame, good.slice(0, length))]).toEqual([length, 'truncated']);
    expect(codesOf(decodeFrame, concatBytes(good, Uint8Array.of(0)))).toBe('trailing');
    expect(fuzzedWith(decodeFrame, good, runs(300, 1_000_000).numRuns).size).toBeGreaterThan(1);
  }, longTimeout);

  const bare = decodeFrame(fromHex(exchanges[0]!.req));
  const withMessage = (body: string) => {
    const whole = encodeFrame({ ...bare, message: { kind: 'Other', type: Number.parseInt(body.slice(0, 2), 16), payload: fromHex(body.slice(2)) } });
    return codesOf(decodeFrame, whole);
  };

  it('with wrong contents are refused', () => {
    // Block and microblock bits of unequal length, of another length than said, or none.
    expect(withMessage('06000a000000020000000000020000')).toBeUndefined();
    expect(withMessage('06000a0000000200000000000100')).toBe('length');
    expect(withMessage('06000a00000001000000000100')).toBe('length');
    expect(withMessage('0600000000000000000000')).toBe('length');
    expect(withMessage('0608350000000000000000')).toBe('length');
    expect(withMessage('08000000000000')).toBe('length');
    expect(withMessage('08100100000000')).toBe('length');
    expect(withMessage('1b083500000107')).toBe('length');
    expect(withMessage('0e0000000100')).toBe('trailing');
    expect(withMessage('1c00000021')).toBe('length');
    expect(withMessage(`00${'00'.repeat(16 + 4 + 33 + 8)}0107`)).toBe('text');
    const twice = encodeFrame({ ...bare, message: { kind: 'NakamotoBlocks', blocks: [blocks[0]!, { ...blocks[0]!, header: { ...blocks[0]!.header, signerSignatures: [] } }] } });
    expect(codesOf(decodeFrame, twice)).toBe('duplicate');
    const short = fromHex(exchanges[0]!.req).slice(0, 165);
    short.set([0, 0, 0, 4], 161);
    expect(codesOf(decodeFrame, short)).toBe('length');
    expect(() => frameHash(short.slice(1))).toThrow(expect.objectContaining({ code: 'truncated' }));
  });

  it('are not written with wrong contents', () => {
    const wrong: readonly Partial<Frame>[] = [
      { relayers: Array.from({ length: 17 }, () => ({ address: '00'.repeat(16), port: 1, keyHash: '00'.repeat(20), sequence: 1 })) },
      { message: { kind: 'NakamotoBlocks', blocks: Array.from({ length: 33 }, () => blocks[0]!) } },
      { message: { kind: 'PoxInv', length: 9, pox: new Uint8Array(1) } },
      { message: { kind: 'Nack', code: -1 } },
      { message: { kind: 'Handshake', data: { address: '00'.repeat(16), port: 1, services: 1, publicKey: new Uint8Array(33), expire: 1, dataUrl: 'é' } } },
    ];
    for (const it of wrong) expect(() => encodeFrame({ ...bare, ...it })).toThrow(expect.objectContaining({ name: 'StacksWireError' }));
  });
});
