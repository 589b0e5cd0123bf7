import { createHash } from 'node:crypto';
import { blockHash, blockId, minerHash } from '../../src/chains/stacks/chain/hash.ts';
import { setOfKeys, type SignerSet } from '../../src/chains/stacks/chain/signer-set.ts';
import { encodeHeader, SIGNATURE_LENGTH, type NakamotoHeader } from '../../src/chains/stacks/wire/header.ts';
import { recoverableSigner, type RecoverableSigner } from '../../src/crypto/secp256k1-sign.ts';

export interface MadeHeaders {
  readonly set: SignerSet;
  readonly signers: readonly RecoverableSigner[];
  /** Each the parent of the next. */
  readonly headers: readonly NakamotoHeader[];
  /** The same as bytes. */
  readonly bytes: readonly Uint8Array[];
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A chain of headers that all of these signers signed, with test keys. `signed`: how many of the headers; the others have signatures of zeros, for measurements that look at none. */
export function makeHeaders(count: number, signerCount: number, signed = count): MadeHeaders {
  const signers = Array.from({ length: signerCount }, (_, i) => recoverableSigner(new Uint8Array(Buffer.from(hashOf(`signer ${i}`), 'hex')))).toSorted((a, b) => Buffer.compare(a.publicKey, b.publicKey));
  const miner = recoverableSigner(new Uint8Array(Buffer.from(hashOf('miner'), 'hex')));
  const headers: NakamotoHeader[] = [];
  let parentBlockId = hashOf('parent');
  for (let i = 0; i < count; i += 1) {
    const header = makeHeader(i, parentBlockId, miner, i < signed ? signers : [], signerCount);
    headers.push(header);
    parentBlockId = blockId(header);
  }
  return { set: setOfKeys(1, signers.map(({ publicKey }) => ({ key: publicKey, weight: 1 }))), signers, headers, bytes: headers.map(encodeHeader) };
}

function makeHeader(i: number, parentBlockId: string, miner: RecoverableSigner, signers: readonly RecoverableSigner[], signerCount: number): NakamotoHeader {
  const blank = new Uint8Array(SIGNATURE_LENGTH);
  const bare: NakamotoHeader = {
    version: 0, chainLength: 1000 + i, burnSpent: 1_000_000, consensusHash: hashOf('tenure').slice(0, 40), parentBlockId, transactionRoot: hashOf(`transactions ${i}`), stateRoot: hashOf(`state ${i}`),
    timestamp: 1_700_000_000 + i, minerSignature: blank, signerSignatures: [], poxTreatment: { length: signerCount, bytes: new Uint8Array(Math.ceil(signerCount / 8)) }, problematic: [],
  };
  if (signers.length === 0) return { ...bare, signerSignatures: Array.from({ length: signerCount }, () => blank) };
  const mined = { ...bare, minerSignature: miner.sign(minerHash(bare)) };
  const message = blockHash(mined);
  return { ...mined, signerSignatures: signers.map((signer) => signer.sign(message)) };
}
