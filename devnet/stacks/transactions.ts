/**
 * The bytes of transactions of one signature on test networks (SIP-005, SIP-021), signed.
 * @module
 */
import { concatBytes, fromHex } from '../../src/base/bytes.ts';
import { ByteReader } from '../../src/chains/stacks/wire/byte-reader.ts';
import { ByteWriter } from '../../src/chains/stacks/wire/byte-writer.ts';
import { encodeClarity } from '../../src/chains/stacks/wire/clarity-encode.ts';
import type { ClarityValue } from '../../src/chains/stacks/wire/clarity-value.ts';
import { parsePrincipal } from '../../src/chains/stacks/wire/principal.ts';
import { readTransaction, type StacksTransaction, type TenureChange } from '../../src/chains/stacks/wire/transaction.ts';
import { sha512_256 } from '../../src/crypto/sha512-256.ts';
import type { DevKey } from './dev-key.ts';

export type DevPayload =
  | { readonly kind: 'transfer'; readonly to: string; readonly amount: bigint }
  | { readonly kind: 'call'; readonly contract: string; readonly name: string; readonly args: readonly ClarityValue[] }
  | { readonly kind: 'tenure-change'; readonly change: TenureChange }
  /** `vrfProof`: 80 bytes. */
  | { readonly kind: 'coinbase'; readonly vrfProof: Uint8Array }
  /** Of epoch 2.x. */
  | { readonly kind: 'epoch2-coinbase' };

/** Version and chain id of test networks. */
const TESTNET = { version: 0x80, chainId: 0x80000000 } as const;
/** Authorisation by one signer; hash mode P2PKH; compressed key. */
const STANDARD = 0x04;
const P2PKH = 0x00;
/** Anchored in a block; conditions: what is not named is allowed. */
const ANCHORED = 0x01;
const ALLOW = 0x01;
const PAYLOAD = { transfer: 0, call: 2, 'epoch2-coinbase': 4, 'tenure-change': 7, coinbase: 8 } as const;
const MEMO_LENGTH = 34;
const SIGNATURE_LENGTH = 65;
const text = new TextEncoder();

/** A signed transaction. `fee`: microSTX. */
export function makeTransaction(key: DevKey, { nonce, fee }: { readonly nonce: number; readonly fee: number }, payload: DevPayload): StacksTransaction {
  const bytesWith = (signedNonce: number, signedFee: number, signature: Uint8Array) => {
    const writer = new ByteWriter().u8(TESTNET.version).u32(TESTNET.chainId).u8(STANDARD);
    writer.u8(P2PKH).hex(key.keyHash, 20).u64(signedNonce).u64(signedFee).u8(0).bytes(signature, SIGNATURE_LENGTH);
    writer.u8(ANCHORED).u8(ALLOW).u32(0);
    writePayload(writer, payload);
    return writer.done();
  };
  // What is signed: the id without nonce, fee and signature, then these (SIP-005, "Transaction signing").
  const cleared = sha512_256(bytesWith(0, 0, new Uint8Array(SIGNATURE_LENGTH)));
  const signed = sha512_256(concatBytes(cleared, new ByteWriter().u8(STANDARD).u64(fee).u64(nonce).done()));
  return readTransaction(new ByteReader(bytesWith(nonce, fee, key.sign(signed))));
}

function writePayload(writer: ByteWriter, payload: DevPayload): void {
  writer.u8(PAYLOAD[payload.kind]);
  switch (payload.kind) {
    case 'transfer':
      writer.bytes(encodeClarity({ type: 'principal', principal: parsePrincipal(payload.to) })).u64(Number(payload.amount)).bytes(new Uint8Array(MEMO_LENGTH));
      break;
    case 'call': {
      const { version, hash, contract = '' } = parsePrincipal(payload.contract);
      writer.u8(version).hex(hash, 20);
      for (const name of [contract, payload.name]) writer.u8(name.length).bytes(text.encode(name));
      writer.u32(payload.args.length);
      for (const arg of payload.args) writer.bytes(encodeClarity(arg));
      break;
    }
    case 'tenure-change': {
      const { tenure, previousTenure, burnView, previousTenureEnd, previousTenureBlocks, cause, publicKeyHash } = payload.change;
      writer.hex(tenure, 20).hex(previousTenure, 20).hex(burnView, 20).hex(previousTenureEnd, 32);
      writer.u32(previousTenureBlocks).u8(cause).hex(publicKeyHash, 20);
      break;
    }
    case 'epoch2-coinbase':
      writer.bytes(new Uint8Array(32));
      break;
    case 'coinbase':
      // No data, no other recipient.
      writer.bytes(fromHex('00'.repeat(32))).u8(0x09).bytes(payload.vrfProof, 80);
  }
}
