// Tests: `src/chains/stacks/store/stacks-store.test.ts`.
import type { StacksInventory } from '../chain/details.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { StacksWireError } from '../wire/wire-error.ts';

/** Bits at most: a cycle of the longest length. */
const MAX_BITS = 2_100;

/** cycle(4), from(8), gateway: length(2) and UTF-8, count of bits(2), a byte for each. */
export function encodeInventory({ gateway, cycle, from, bits }: StacksInventory): Uint8Array {
  const url = new TextEncoder().encode(gateway);
  return new ByteWriter(bits.length + 64).u32(cycle).u64(from).u16(url.length).bytes(url).u16(bits.length).bytes(Uint8Array.from(bits, Number)).done();
}

/** Throws `StacksWireError`. */
export function decodeInventory(bytes: Uint8Array): StacksInventory {
  const reader = new ByteReader(bytes);
  const [cycle, from] = [reader.u32('cycle'), reader.u64('from')];
  const gateway = new TextDecoder().decode(reader.bytes(reader.u16('length'), 'gateway'));
  const count = reader.u16('count of bits');
  if (count > MAX_BITS) throw new StacksWireError('length', `${count} bits`);
  const bits = Array.from(reader.bytes(count, 'bits'), (bit) => bit === 1);
  reader.end('the inventory');
  return { source: 'derived', gateway, cycle, from, bits };
}
