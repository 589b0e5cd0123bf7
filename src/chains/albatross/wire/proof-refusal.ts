import { u32 } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { EncodeError } from '../../../base/postcard/errors.ts';

/** Why a node gives no proof: the reference's name of the error, and the heights sent with it. */
export interface ProofRefusal {
  readonly name: string;
  readonly heights: readonly number[];
}

/**
 * An error enum: name and number of heights (varints) of each variant in the order of their indices; the last one is the catch-all without
 * heights. As with `errorNames`, an unknown index is read as the last name, and its payload is left as trailing bytes.
 */
export function proofRefusals(variants: readonly (readonly [name: string, heights: number])[]): Codec<ProofRefusal> {
  const last = variants.length - 1;
  return {
    read: (r) => {
      const [name, count] = variants[Math.min(r.varint(0xffff_ffff), last)]!;
      return { name, heights: Array.from({ length: count }, () => u32.read(r)) };
    },
    write: (w, { name, heights }) => {
      const known = variants.findIndex(([each]) => each === name);
      const index = known < 0 ? last : known;
      if (heights.length !== variants[index]![1]) throw new EncodeError('inconsistent', `${name} with ${heights.length} heights`);
      w.varint(index, last);
      for (const height of heights) u32.write(w, height);
    },
    minSize: 1,
  };
}
