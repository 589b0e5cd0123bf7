import { fromHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import type { KeyValueState } from '../chain/state.ts';
import { decodeOperations } from '../wire/payload.ts';
import { encodePending } from '../store/item-bytes.ts';

/**
 * Times that a final block is taken and its state computed before the client stands still. Its hash binds header and payload, so that no peer can send
 * another content of it; asking again only excludes an error by chance.
 */
const TRIES = 3;

/** Counts how often the state of a final block came out wrong. Only the next block can, so one is remembered. */
export class WrongStates {
  #id: Hash | undefined;
  #tries = 0;

  /** It came out wrong again. True: that is enough. */
  again(id: Hash): boolean {
    this.#tries = id === this.#id ? this.#tries + 1 : 1;
    this.#id = id;
    return this.#tries >= TRIES;
  }

  clear(): void {
    this.#id = undefined;
    this.#tries = 0;
  }
}

/**
 * The halt at a final block whose state root is another one here. `state`: that of the block before; unchanged. Evidence: the block with its certificate
 * (length(4) block, length(2) certificate), and the root of 32 bytes that is computed here.
 */
export function stateHalt(item: Hs2Item, state: KeyValueState): Halt {
  const undo = state.apply(decodeOperations(item.block.payload!));
  const root = fromHex(state.root());
  state.rollback(undo);
  return { height: item.height, reason: 'state-root', evidence: [encodePending([item], Number.MAX_SAFE_INTEGER), root] };
}
