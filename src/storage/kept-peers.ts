import type { KeptBan } from '../engine/peers/peer-book.ts';
import type { RememberedPeer } from '../engine/peers/remembered-peers.ts';
import { decodeBans, encodeBans } from './ban-row.ts';
import type { OwnedRows } from './owned-rows.ts';
import { decodePeers, encodePeers } from './peer-row.ts';
import type { RowWrite } from './rows.ts';

/** What a client knows of peers that it does not want to learn again. */
export interface PeersKnown {
  readonly bans: readonly KeptBan[];
  readonly peers: readonly RememberedPeer[];
}

const none: PeersKnown = { bans: [], peers: [] };

/**
 * The bans and the good peers of a client, in the rows `meta/bans` and `meta/peers`. Their bounds are those of `ban-row.ts` and `peer-row.ts`. Writes and moves are done one
 * after the other, each with what is known then.
 */
export class KeptPeers {
  #rows: OwnedRows;
  #known: PeersKnown = none;
  #last: Promise<unknown> = Promise.resolve();

  constructor(rows: OwnedRows) {
    this.#rows = rows;
  }

  /** What was stored last. */
  get known(): PeersKnown {
    return this.#known;
  }

  /** Reads what is stored; a row that is damaged counts as empty. Throws `StorageError`. */
  async load(): Promise<PeersKnown> {
    this.#known = await read(this.#rows);
    return this.#known;
  }

  /** Throws `StorageError`; the bans are then written with the next change of the rows. */
  keepBans(bans: readonly KeptBan[]): Promise<void> {
    this.#known = { ...this.#known, bans };
    return this.#inOrder(() => this.#rows.write({ durability: 'relaxed', writes: [this.#rows.sealed('meta', 'bans', encodeBans(this.#known.bans))] }));
  }

  /** As `keepBans`. */
  keepPeers(peers: readonly RememberedPeer[]): Promise<void> {
    this.#known = { ...this.#known, peers };
    return this.#inOrder(() => this.#rows.write({ durability: 'relaxed', writes: [this.#rows.sealed('meta', 'peers', encodePeers(this.#known.peers))] }));
  }

  /** Goes on in other rows. What they have of other peers is added to what is known. Throws `StorageError`; nothing has changed then. */
  moveTo(rows: OwnedRows): Promise<void> {
    return this.#inOrder(async () => {
      const stored = await read(rows);
      const both = (): PeersKnown => ({ bans: joined(this.#known.bans, stored.bans), peers: joined(this.#known.peers, stored.peers) });
      const { bans, peers } = both();
      await rows.write({ durability: 'relaxed', writes: [rows.sealed('meta', 'bans', encodeBans(bans)), rows.sealed('meta', 'peers', encodePeers(peers))] });
      this.#rows = rows;
      // What came meanwhile is written next.
      this.#known = both();
    });
  }

  /** The database is given up: what is known stays until `moveTo`, in rows that are in memory. */
  retreatTo(rows: OwnedRows): void {
    this.#rows = rows;
  }

  /** The writes that delete both rows, for the transaction of a wipe. After it `wiped` is called. */
  get deletion(): readonly RowWrite[] {
    return ['bans', 'peers'].map((key) => ({ table: 'meta', key, value: undefined }));
  }

  wiped(): void {
    this.#known = none;
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

async function read(rows: OwnedRows): Promise<PeersKnown> {
  const [bans, peers] = await rows.get([{ table: 'meta', key: 'bans' }, { table: 'meta', key: 'peers' }]);
  const [banBytes, peerBytes] = [rows.unseal('meta', 'bans', bans), rows.unseal('meta', 'peers', peers)];
  return { bans: banBytes ? decodeBans(banBytes) : [], peers: peerBytes ? decodePeers(peerBytes) : [] };
}

/** Ours, and those of the others that are of other peers. */
function joined<T extends { readonly peer: string }>(ours: readonly T[], others: readonly T[]): readonly T[] {
  const known = new Set(ours.map(({ peer }) => peer));
  return [...ours, ...others.filter(({ peer }) => !known.has(peer))];
}
