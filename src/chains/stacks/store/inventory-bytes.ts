// Tests: `src/chains/stacks/store/stacks-store.test.ts`.
import { fromHex } from '../../../base/bytes.ts';
import type { StacksInventory } from '../chain/details.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { StacksWireError } from '../wire/wire-error.ts';

/** Bits at most: a cycle of the longest length. */
const MAX_BITS = 2_100;

/** cycle(4), from(8), gateway: length(2) and UTF-8, count of bits(2), a byte for each, knownFrom(8), top and next: each 0, or 1 and a consensus hash(20). */
export function encodeInventory({ gateway, cycle, from, bits, knownFrom, top, next }: StacksInventory): Uint8Array {
  const url = new TextEncoder().encode(gateway);
  const writer = new ByteWriter(bits.length + 128).u32(cycle).u64(from).u16(url.length).bytes(url).u16(bits.length).bytes(Uint8Array.from(bits, Number)).u64(knownFrom);
  for (const tenure of [top, next]) writer.bytes(tenure === undefined ? Uint8Array.of(0) : Uint8Array.from([1, ...fromHex(tenure)]));
  return writer.done();
}

/** Throws `StacksWireError`. */
export function decodeInventory(bytes: Uint8Array): StacksInventory {
  const reader = new ByteReader(bytes);
  const [cycle, from] = [reader.u32('cycle'), reader.u64('from')];
  const gateway = new TextDecoder().decode(reader.bytes(reader.u16('length'), 'gateway'));
  const count = reader.u16('count of bits');
  if (count > MAX_BITS) throw new StacksWireError('length', `${count} bits`);
  const bits = Array.from(reader.bytes(count, 'bits'), (bit) => bit === 1);
  const knownFrom = reader.u64('known from');
  const tenure = () => (reader.u8('tenure') === 1 ? reader.hex(20, 'tenure') : undefined);
  const [top, next] = [tenure(), tenure()];
  reader.end('the inventory');
  return { source: 'derived', gateway, cycle, from, bits, knownFrom, top, next };
}
