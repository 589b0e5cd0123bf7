import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { verifyEd25519Sync } from '../../../crypto/ed25519.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { bodyOf, decodeFrame } from '../wire/frame.ts';
import { ackTranscript, authTranscript, plainAckText, plainHelloText } from './transcripts.ts';

const { ext } = molochVectors;
const bodies = { hello: bodyOf(fromHex(ext.hello)), ack: bodyOf(fromHex(ext.helloAck)) };

describe('vectors: ext, the handshake', () => {
  it('transcripts and signatures', () => {
    expect(toHex(ackTranscript(bodies.hello, bodies.ack))).toBe(ext.ackTranscript);
    expect(toHex(authTranscript(bodies.hello, bodies.ack))).toBe(ext.authTranscript);
    const ack = decodeFrame(fromHex(ext.helloAck), { extended: true });
    const auth = decodeFrame(fromHex(ext.auth), { extended: true });
    if (ack.kind !== 'ExtHelloAck' || auth.kind !== 'ExtAuth') throw new Error('other kinds');
    expect(verifyEd25519Sync(fromHex(ext.serverKey), fromHex(ext.ackTranscript), ack.signature)).toBe(true);
    expect(verifyEd25519Sync(fromHex(ext.clientKey), fromHex(ext.authTranscript), auth.signature)).toBe(true);
  });

  it('a changed byte of hello or ack changes both', () => {
    for (const at of [0, 20, bodies.hello.length - 1]) {
      const hello = bodies.hello.with(at, bodies.hello[at]! ^ 1);
      expect(toHex(ackTranscript(hello, bodies.ack))).not.toBe(ext.ackTranscript);
      expect(toHex(authTranscript(hello, bodies.ack))).not.toBe(ext.authTranscript);
    }
    const ack = bodies.ack.with(bodies.ack.length - 1, bodies.ack.at(-1)! ^ 1);
    // The ack's own signature does not cover itself.
    expect(toHex(ackTranscript(bodies.hello, ack))).toBe(ext.ackTranscript);
    expect(toHex(authTranscript(bodies.hello, ack))).not.toBe(ext.authTranscript);
  });
});

describe('vectors: frames, the plain handshake', () => {
  it.each(molochVectors.frames.filter(({ type }) => type.startsWith('Hello')))('$name: the signature covers the text', ({ frame }) => {
    const message = decodeFrame(fromHex(frame), { extended: false });
    if (message.kind !== 'Hello' && message.kind !== 'HelloAck') throw new Error('other kinds');
    const text = message.kind === 'Hello' ? plainHelloText(message) : plainAckText(message);
    expect(verifyEd25519Sync(fromHex(message.key), text, message.signature)).toBe(true);
    expect(verifyEd25519Sync(fromHex(message.key), plainHelloText({ ...message, height: 77 }), message.signature)).toBe(false);
  });
});
