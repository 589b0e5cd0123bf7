import { encode } from '../../../base/postcard/codec.ts';
import { block as blockCodec } from './blocks.ts';
import type { Block, MacroBlock } from './types.ts';

/** The bytes of a header with its last justification. They are kept with the header, since the body does not count: the chain drops it. */
const kept = new WeakMap<Block['header'], { readonly justification: Block['justification']; readonly bytes: Uint8Array }>();

/**
 * postcard of the block without its body. It is encoded once and kept as long as the block's header, which must not change: it is counted,
 * compared with copies, and stored again with every block that follows. The bytes must not be changed or transferred. Throws `EncodeError`.
 */
export function bareBytes(block: Block): Uint8Array {
  const { header, justification } = block;
  const known = kept.get(header);
  if (known && known.justification === justification) return known.bytes;
  const bytes = encode(blockCodec, { ...block, body: undefined });
  kept.set(header, { justification, bytes });
  return bytes;
}

/** As `bareBytes`, but as the codec `macroBlock` writes it: without the tag, which is one byte. Throws `EncodeError`. */
export function bareMacroBytes(block: MacroBlock): Uint8Array {
  return bareBytes(block).subarray(1);
}
