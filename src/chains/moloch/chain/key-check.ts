import { BoundedCache } from '../../../base/bounded-cache.ts';
import { toHex } from '../../../base/bytes.ts';
import { isEd25519Point } from '../../../crypto/ed25519-point.ts';
import type { IsKey } from '../wire/bincode.ts';

/** Keys that are remembered: some 100 bytes each. The same validators and attesters come again and again, and a check takes some 0.2 ms (Node 20, one core). */
const KEPT_KEYS = 4096;

/** The check of keys for decoders, which remembers its answers. */
export function createKeyCheck(): IsKey {
  const known = new BoundedCache<boolean>(KEPT_KEYS);
  return (key) => {
    const name = toHex(key);
    const before = known.get(name);
    if (before !== undefined) return before;
    const valid = isEd25519Point(key);
    known.set(name, valid);
    return valid;
  };
}
