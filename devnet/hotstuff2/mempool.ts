import type { Random } from '../../src/base/random.ts';
import { decodePayload, encodeOperation } from '../../src/chains/hotstuff2/wire/payload.ts';
import { toHex } from '../../src/base/bytes.ts';
import { seededRandom } from '../seeded-random.ts';
import type { StoredBlock } from './block-store.ts';

/** Accounts of the key-value state that blocks write to: enough for a snapshot of several chunks of 16. */
const ACCOUNTS = 100;
/** Operations of its own that a block has, besides those by command. */
const MOST_OPERATIONS = 3;
/** Operations by command that wait. At the bound a further one is refused. */
export const MAX_PENDING = 1000;

function operationOf(random: Random): Uint8Array {
  const value = new Uint8Array(8);
  new DataView(value.buffer).setUint32(4, Math.floor(random.next() * 1_000_000));
  const account = String(Math.floor(random.next() * ACCOUNTS)).padStart(2, '0');
  return encodeOperation({ kind: 'put', key: new TextEncoder().encode(`acct/${account}`), value });
}

/** Operations for the next blocks: those given by command, and a few of the network's own, which follow from the seed. */
export class Mempool {
  readonly #seed: string;
  readonly #pending = new Map<string, Uint8Array>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** False if it is full. */
  add(operation: Uint8Array): boolean {
    if (this.#pending.size >= MAX_PENDING) return false;
    this.#pending.set(toHex(operation), operation);
    return true;
  }

  /** The transactions of a block. `variant` tells two blocks of one view apart. `above`: blocks that are not final yet, below the new one. */
  pick(height: number, view: number, variant: number, above: readonly StoredBlock[]): readonly Uint8Array[] {
    const random = seededRandom(this.#seed, `block/${height}/${view}/${variant}`);
    const own = Array.from({ length: 1 + Math.floor(random.next() * MOST_OPERATIONS) }, () => operationOf(random));
    if (this.#pending.size === 0) return own;
    const included = new Set(above.flatMap(({ payload }) => decodePayload(payload).map(toHex)));
    return [...own, ...Array.from(this.#pending).filter(([name]) => !included.has(name)).map(([, operation]) => operation)];
  }

  /** These blocks are final: their operations need not be proposed again. */
  settled(blocks: readonly StoredBlock[]): void {
    if (this.#pending.size > 0) for (const { payload } of blocks) for (const transaction of decodePayload(payload)) this.#pending.delete(toHex(transaction));
  }
}
