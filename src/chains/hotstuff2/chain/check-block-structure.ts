import type { Hash } from '../../../base/hash.ts';
import { WireError } from '../wire/wire-error.ts';
import { decodeOperation, decodePayload } from '../wire/payload.ts';
import type { Hs2Item } from './hs2-block.ts';
import { payloadRoot } from './payload-root.ts';
import type { RuleCode } from './rule-code.ts';

/**
 * The rules that one block can be put to alone: chain, certificate of this block, root and syntax of the payload. A block without its payload passes
 * without the last two. No signature is checked. Source: HotStuff-2 reference, 3.
 */
export function checkBlockStructure({ id, block }: Hs2Item, chain: { readonly chainId: Hash; readonly genesisHash: Hash }): RuleCode | undefined {
  const { header, payload, qc } = block;
  if (header.chainId !== chain.chainId) return 'chain-id';
  if (header.height === 0 || id === chain.genesisHash) return id === chain.genesisHash && !qc ? undefined : 'genesis';
  if (!qc) return 'no-certificate';
  if (qc.view !== header.view) return 'qc-view';
  if (qc.hash !== id) return 'qc-hash';
  return payload && checkPayload(payload, header.payloadRoot);
}

function checkPayload(payload: Uint8Array, root: Hash): RuleCode | undefined {
  try {
    const transactions = decodePayload(payload);
    if (payloadRoot(transactions) !== root) return 'payload-root';
    for (const transaction of transactions) decodeOperation(transaction);
    return undefined;
  } catch (error) {
    if (error instanceof WireError) return 'operation';
    throw error;
  }
}
