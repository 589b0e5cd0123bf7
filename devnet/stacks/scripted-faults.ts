/**
 * What a scripted peer does wrong.
 * Tests: `test/stacks/peer-connection.test.ts`.
 * @module
 */
import { bitOf, bytesOfBits } from '../../src/chains/stacks/wire/bit-vector.ts';
import type { PeerMessage } from '../../src/chains/stacks/wire/peer-message.ts';
import { recoverableSigner, type RecoverableSigner } from '../../src/crypto/secp256k1-sign.ts';

/**
 * - `silence`: no answer. `close`: the connection ends in place of an answer.
 * - `wrong-message`: a correct frame of another kind, as answer to the request. `wrong-sequence`: an answer to no request.
 * - `wrong-signature`: signed with another key.
 * - `truncated`: the answer ends in its middle. `oversized`: the preamble names a payload of 2 GiB. `too-long`: an inventory of more bytes than any has.
 * - `unequal`: as answer an inventory of epoch 2.x with fewer microblock bits than block bits.
 * - `falling-bits`: each further answer to the same question has one bit fewer.
 * - a Nack with this code.
 */
export type PeerFault =
  | 'silence' | 'close' | 'wrong-message' | 'wrong-sequence' | 'wrong-signature' | 'truncated' | 'oversized' | 'too-long' | 'unequal' | 'falling-bits' | { readonly nack: number };

type Seal = (message: PeerMessage, sequence: number, signer?: RecoverableSigner) => Uint8Array;

const PAYLOAD_LENGTH_AT = 161;

/** The bytes that a fault makes of an answer. */
export function faultedFrame(fault: PeerFault, answer: PeerMessage, sequence: number, seal: Seal): Uint8Array {
  if (typeof fault === 'object') return seal({ kind: 'Nack', code: fault.nack }, sequence);
  switch (fault) {
    case 'wrong-message':
      return seal({ kind: 'Pong', nonce: 0 }, sequence);
    case 'wrong-sequence':
      return seal(answer, (sequence + 1000) >>> 0);
    case 'wrong-signature':
      return seal(answer, sequence, recoverableSigner(new Uint8Array(32).fill(99)));
    case 'truncated': {
      const whole = seal(answer, sequence);
      return whole.slice(0, whole.length - 2);
    }
    case 'oversized': {
      const whole = seal(answer, sequence);
      whole.set([0x7f, 0xff, 0xff, 0xff], PAYLOAD_LENGTH_AT);
      return whole;
    }
    case 'too-long':
      return seal({ kind: 'Other', type: 27, payload: new Uint8Array(300) }, sequence);
    case 'unequal':
      return seal({ kind: 'Other', type: 6, payload: Uint8Array.of(0, 10, 0, 0, 0, 2, 0xff, 3, 0, 0, 0, 1, 0) }, sequence);
    case 'silence':
    case 'close':
    case 'falling-bits':
      return seal(answer, sequence);
  }
}

/** An inventory without its highest `count` bits that are 1. */
export function fallenBits(answer: PeerMessage, count: number): PeerMessage {
  if (answer.kind !== 'NakamotoInv') return answer;
  const { length, bytes } = answer.tenures;
  const bits = Array.from({ length }, (_, i) => bitOf(bytes, i));
  for (let fallen = 0; fallen < count && bits.includes(true); fallen += 1) bits[bits.lastIndexOf(true)] = false;
  return { kind: 'NakamotoInv', tenures: { length, bytes: bytesOfBits(bits) } };
}
