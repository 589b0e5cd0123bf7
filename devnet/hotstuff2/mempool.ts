import { createHash } from 'node:crypto';
import type { Random } from '../../src/base/random.ts';
import { MAX_PAYLOAD_LENGTH } from '../../src/chains/hotstuff2/wire/header.ts';
import { decodePayload, encodeOperation } from '../../src/chains/hotstuff2/wire/payload.ts';
import { seededRandom } from '../seeded-random.ts';
import type { StoredBlock } from './block-store.ts';

/** Accounts of the key-value state that blocks write to: enough for a snapshot of several chunks of 16. */
const ACCOUNTS = 100;
/** Operations of its own that a block has, besides those by command. */
const MOST_OPERATIONS = 3;
/** Operations by command that wait. At the bound a further one is refused. */
const MAX_PENDING = 1000;
/** Bytes of one operation by command. */
const MAX_OPERATION = 3 * 1024 * 1024;
/** Bytes of those in one block: its payload stays below 4 MiB with the network's own. What does not fit waits for the next block. */
const MAX_IN_BLOCK = MAX_PAYLOAD_LENGTH - 1024;

/** Tells operations apart; their bytes may be long. */
const nameOf = (operation: Uint8Array): string => createHash('sha256').update(operation).digest('hex');

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

  /** False if it is full, or the operation too large. */
  add(operation: Uint8Array): boolean {
    if (this.#pending.size >= MAX_PENDING || operation.length > MAX_OPERATION) return false;
    this.#pending.set(nameOf(operation), operation);
    return true;
  }

  /** The transactions of a block. `variant` tells two blocks of one view apart. `above`: blocks that are not final yet, below the new one. */
  pick(height: number, view: number, variant: number, above: readonly StoredBlock[]): readonly Uint8Array[] {
    const random = seededRandom(this.#seed, `block/${height}/${view}/${variant}`);
    const own = Array.from({ length: 1 + Math.floor(random.next() * MOST_OPERATIONS) }, () => operationOf(random));
    if (this.#pending.size === 0) return own;
    const included = new Set(above.flatMap(({ payload }) => decodePayload(payload).map(nameOf)));
    const given: Uint8Array[] = [];
    let size = 0;
    for (const [name, operation] of this.#pending) {
      if (included.has(name)) continue;
      size += operation.length + 4;
      if (size > MAX_IN_BLOCK) break;
      given.push(operation);
    }
    return [...own, ...given];
  }

  /** These blocks are final: their operations need not be proposed again. */
  settled(blocks: readonly StoredBlock[]): void {
    if (this.#pending.size > 0) for (const { payload } of blocks) for (const transaction of decodePayload(payload)) this.#pending.delete(nameOf(transaction));
  }
}
