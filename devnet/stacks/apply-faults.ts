// Tests: `devnet/stacks/stacks-faults.test.ts`.
/**
 * How faults change what a gateway sends.
 * @module
 */
import type { NakamotoBlock } from '../../src/chains/stacks/wire/block.ts';
import type { NakamotoHeader } from '../../src/chains/stacks/wire/header.ts';
import { backFrom, signedBy, startOf, type DevBlock } from './dev-block.ts';
import { keyOf, type DevKey } from './dev-key.ts';
import { tooLight, type DevSigner } from './signer-sets.ts';
import type { GatewayFaults, StacksFault } from './stacks-faults.ts';
import type { StacksChain } from './stacks-chain.ts';

const SIGNATURE_FAULTS = ['weight-69', 'stranger', 'duplicate', 'wrong-order'] as const;
type SignatureFault = (typeof SIGNATURE_FAULTS)[number];

/** The block as it is sent. Signatures are in no hash, so that its id stays. */
export function sentBlock({ header, ...block }: DevBlock, chain: StacksChain, faults: GatewayFaults): NakamotoBlock {
  const fault = SIGNATURE_FAULTS.find((it) => isArmed(faults, it, block.height));
  return { header: fault ? withSignatures(header!, block, chain, fault) : header!, transactions: block.transactions };
}

function isArmed(faults: GatewayFaults, fault: StacksFault, height: number): boolean {
  const settings = faults.get(fault);
  return settings !== undefined && (settings.height ?? height) === height;
}

function withSignatures(header: NakamotoHeader, { tenure }: Pick<DevBlock, 'tenure'>, chain: StacksChain, fault: SignatureFault): NakamotoHeader {
  const set = chain.sets.of(chain.cycleOf(tenure));
  const [first, second, ...others] = header.signerSignatures;
  switch (fault) {
    case 'weight-69':
      return signedBy(header, tooLight(set).map(({ key }) => key));
    case 'stranger': {
      const [signature] = signedBy(header, [strangerOf(chain)]).signerSignatures;
      return { ...header, signerSignatures: [...header.signerSignatures.slice(0, -1), signature!] };
    }
    case 'duplicate':
      return { ...header, signerSignatures: [first!, first!, ...others] };
    case 'wrong-order':
      return { ...header, signerSignatures: [second!, first!, ...others] };
  }
}

function strangerOf({ options }: StacksChain): DevKey {
  return keyOf(options.seed, 'stranger', 0);
}

/** The blocks of a tenure, newest first, as they are sent. */
export function sentTenure(blocks: readonly DevBlock[], faults: GatewayFaults): readonly DevBlock[] {
  const [first, second, ...below] = blocks;
  if (!first || !second) return blocks;
  if (faults.has('hole')) return [first, ...below];
  const other = faults.has('foreign-block') ? foreignTo(second) : undefined;
  return other ? [first, other, ...below] : blocks;
}

/** The nearest block below of another tenure. */
function foreignTo(block: DevBlock): DevBlock | undefined {
  const { parent } = startOf(block);
  return parent?.header ? parent : undefined;
}

/** The block that is sent for an id. */
export function sentForId(block: DevBlock, faults: GatewayFaults): DevBlock {
  const parent = faults.has('wrong-id') ? block.parent : undefined;
  return parent?.header ? parent : block;
}

/** Headers of epoch 2.x as they are sent. A single one stays: a proof that passes it is another matter. */
export function sentEpoch2(headers: readonly Uint8Array[], faults: GatewayFaults): readonly Uint8Array[] {
  if (headers.length < 2 || !faults.has('altered-epoch2')) return headers;
  const altered = headers.at(-1)!.slice();
  altered[altered.length >> 1]! ^= 1;
  return [...headers.slice(0, -1), altered];
}

/** A block of epoch 2.x as it is sent. */
export function sentEpoch2Block(block: Uint8Array, faults: GatewayFaults): Uint8Array {
  // The last byte of its coinbase.
  return faults.has('altered-epoch2-block') ? block.with(block.length - 1, block.at(-1)! ^ 1) : block;
}

/** The block that is named for a transaction. */
export function namedForTransaction(block: DevBlock, faults: GatewayFaults): DevBlock {
  return faults.has('wrong-transaction') ? (block.parent ?? block) : block;
}

/** The signers of a cycle as they are told. */
export function toldSet(set: readonly DevSigner[], chain: StacksChain, faults: GatewayFaults): readonly DevSigner[] {
  if (!faults.has('forged-set')) return set;
  return set.map(({ key, weight }, i) => ({ key: i === set.length - 1 ? strangerOf(chain) : key, weight: i === 0 ? weight + 1 : weight }));
}

/** The bytes of a proof as they are sent: none, or with one bit changed in the middle, which is in a hash or a pointer. */
export function sentProof(proof: Uint8Array, faults: GatewayFaults): Uint8Array | undefined {
  if (faults.has('no-proofs')) return undefined;
  if (!faults.has('altered-proof')) return proof;
  const altered = proof.slice();
  altered[altered.length >> 1]! ^= 1;
  return altered;
}

/** The text of a value, with another last digit. */
export function sentValue(text: string, faults: GatewayFaults): string {
  if (!faults.has('altered-value') || text === '') return text;
  const last = Number.parseInt(text.at(-1)!, 16);
  return `${text.slice(0, -1)}${((last + 1) % (/^\d+$/u.test(text) ? 10 : 16)).toString(16)}`;
}

/** The newest block that lies under the `tenures` newest tenures. */
export function belowTenures(tip: DevBlock, tenures: number): DevBlock {
  let left = tenures;
  for (const block of backFrom(tip)) {
    if (left === 0) return block;
    if (block.position === 0) left -= 1;
  }
  return tip;
}
