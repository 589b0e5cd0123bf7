import { describe, expect, it } from 'vitest';
import vectors from '../../../../test/vectors/moloch.json' with { type: 'json' };
import { fromHex, toHex } from '../../../base/bytes.ts';
import { verifyEd25519Sync } from '../../../crypto/ed25519.ts';
import { bodyOf, decodeFrame } from '../wire/frame.ts';
import type { PlainMessage } from '../wire/plain-message.ts';
import { ackTranscript, authTranscript, plainAckBytes, plainHelloBytes } from './transcripts.ts';

const body = (frame: string) => bodyOf(fromHex(frame));
const { ext, frames } = vectors;

describe('what the handshake of moloch-ext/1 signs', () => {
  it('is what the vectors say, and their signatures are over it', () => {
    const ack = ackTranscript(body(ext.hello), body(ext.helloAck));
    const auth = authTranscript(body(ext.hello), body(ext.helloAck));
    expect([toHex(ack), toHex(auth)]).toEqual([ext.ackTranscript, ext.authTranscript]);
    const signatureOf = (frame: string) => (decodeFrame(fromHex(frame), { extended: true }) as { readonly signature: Uint8Array }).signature;
    expect(verifyEd25519Sync(fromHex(ext.serverKey), ack, signatureOf(ext.helloAck))).toBe(true);
    expect(verifyEd25519Sync(fromHex(ext.clientKey), auth, signatureOf(ext.auth))).toBe(true);
  });

  it('changes with every byte of both bodies', () => {
    const [hello, ack] = [body(ext.hello), body(ext.helloAck)];
    const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    for (let at = 0; at < hello.length; at += 1) expect(toHex(ackTranscript(flipped(hello, at), ack))).not.toBe(ext.ackTranscript);
    for (let at = 0; at < ack.length; at += 1) {
      expect(toHex(authTranscript(hello, flipped(ack, at)))).not.toBe(ext.authTranscript);
      expect(toHex(ackTranscript(hello, flipped(ack, at))) === ext.ackTranscript).toBe(at >= ack.length - 64);
    }
  });
});

it.each(['Hello', 'Hello without height', 'HelloAck'])('what a plain %s signs is what the crates sign', (name) => {
  const message = decodeFrame(fromHex(frames.find((frame) => frame.name === name)!.frame), { extended: false }) as Extract<PlainMessage, { readonly kind: 'Hello' | 'HelloAck' }>;
  const bytes = (message.kind === 'Hello' ? plainHelloBytes : plainAckBytes)(message.chainId, message.height, message.time);
  expect(verifyEd25519Sync(fromHex(message.key), bytes, message.signature)).toBe(true);
});
