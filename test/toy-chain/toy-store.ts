import { OwnedRows } from '../../src/storage/owned-rows.ts';
import type { Rows } from '../../src/storage/rows.ts';
import { fromHex } from '../../src/base/bytes.ts';
import { brokenRule, decodeToyBlock, genesisOf, type ToyBlock, type ToyNetwork } from './counter.ts';

/** The stored counter: one sealed row a block, by its value. */
export class ToyStore {
  readonly kind: Rows['kind'];
  readonly #rows: OwnedRows;
  readonly #network: ToyNetwork;

  constructor(rows: Rows, network: ToyNetwork) {
    this.#rows = new OwnedRows(rows, fromHex(network.genesisHash));
    this.kind = rows.kind;
    this.#network = network;
  }

  takeFencing = () => this.#rows.takeFencing();
  close = () => this.#rows.close();

  /** Every stored block that follows from genesis; what comes after a damaged row is not believed. */
  async load(): Promise<readonly ToyBlock[]> {
    const blocks: ToyBlock[] = [];
    const keys = new Set(await this.#rows.keys('elections'));
    for (let value = 1; keys.has(value); value++) {
      const [row] = await this.#rows.get([{ table: 'elections', key: value }]);
      const payload = this.#rows.unseal('elections', value, row);
      const parent = blocks.at(-1) ?? genesisOf(this.#network);
      const block = payload && decodeToyBlock(payload);
      if (!block || (await brokenRule(this.#network, parent, block))) break;
      blocks.push(block);
    }
    return blocks;
  }

  append(block: ToyBlock): Promise<void> {
    return this.#rows.write({ durability: 'relaxed', writes: [this.#rows.sealed('elections', block.value, block.bytes)] });
  }

  wipe(): Promise<void> {
    return this.#rows.write({ durability: 'strict', clear: ['elections'], writes: [] });
  }
}
