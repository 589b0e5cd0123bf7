import { blockHash, macroHeaderHash, validatorsRoot } from '../chain/hashes.ts';
import { bareBytes, bareMacroBytes } from '../wire/bare-bytes.ts';
import { block, macroBlock } from '../wire/blocks.ts';
import { concatBytes, toHex } from '../../../base/bytes.ts';
import { decode, encode, vec } from '../../../base/postcard/codec.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import type { Hash } from '../../../base/hash.ts';

/** Maximum number of blocks in one tail row. A batch has 60 on the main network; a custom network may have more. */
const MAX_TAIL = 4_096;
const ROOT_LENGTH = 32;

/** Blocks without bodies. A block is in the rows of many commits, so its bytes are made only once. */
const tailCodec = vec<Block>({ ...block, write: (w, item) => w.raw(bareBytes(item)) }, MAX_TAIL);

/** A block read from a row, with the hash computed from the bytes read. */
export interface ReadMacroBlock {
  readonly hash: Hash;
  readonly block: MacroBlock;
}

/** postcard of the macro block without body, validators and justification included. */
export function encodeMacro(block: MacroBlock): Uint8Array {
  return bareMacroBytes(block);
}

export function decodeMacro(bytes: Uint8Array): ReadMacroBlock | undefined {
  return total(() => {
    const block = decode(macroBlock, bytes);
    return { hash: blockHash(block), block };
  });
}

/** The root of the validator list (32), then postcard of the election block without the list: enough to compute its hash. */
export function encodeElection(block: MacroBlock): Uint8Array {
  const root = validatorsRoot(block.header.version, block.header.validators ?? []);
  return concatBytes(root, encode(macroBlock, { ...block, body: undefined, header: { ...block.header, validators: undefined } }));
}

export function decodeElection(bytes: Uint8Array): ReadMacroBlock | undefined {
  return total(() => {
    const block = decode(macroBlock, bytes.subarray(ROOT_LENGTH));
    // The empty list stands for the one left out: the hash covers only the list's root.
    const header = { ...block.header, validators: [] };
    return { hash: toHex(macroHeaderHash(header, { validatorsRoot: bytes.slice(0, ROOT_LENGTH) })), block };
  });
}

/** postcard of the list of blocks without bodies. */
export function encodeTail(blocks: readonly Block[]): Uint8Array {
  return encode(tailCodec, blocks);
}

export function decodeTail(bytes: Uint8Array): readonly { readonly hash: Hash; readonly block: Block }[] | undefined {
  return total(() => decode(tailCodec, bytes).map((item) => ({ hash: blockHash(item), block: item })));
}

/** A row with a correct checksum that cannot be decoded was written by other code; return undefined instead of throwing. */
function total<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
