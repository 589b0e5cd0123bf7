import type { Random } from '../../base/random.ts';

/** `count` different places below `length`, in their order. */
export function choosePlaces(random: Pick<Random, 'bytes'>, length: number, count: number): readonly number[] {
  const places = new Set<number>();
  // A few bytes too many would favour the first places; that is no danger here, but it costs nothing to leave them out.
  const usable = 256 - (256 % length);
  while (places.size < Math.min(count, length)) for (const byte of random.bytes(16)) if (byte < usable && places.size < count) places.add(byte % length);
  return [...places].toSorted((a, b) => a - b);
}
