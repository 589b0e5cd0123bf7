import type { Page } from '@playwright/test';
import type { ProofRecord } from '../../src/chains/albatross/chain/proof-record.ts';
import { decodeHeadRow, type HeadRow } from '../../src/chains/albatross/store/head-row.ts';
import { decodeProof } from '../../src/chains/albatross/store/proof-row.ts';
import { untilReleased } from './until-released.ts';

/** The contents of the network's database: how far the chain is proven from genesis, and the client's anchor. */
export interface StoredRecords {
  readonly proof: ProofRecord | undefined;
  readonly head: HeadRow | undefined;
}

/** Reads the database directly, from a page of the same origin, after the client has ended. */
export async function storedRecords(page: Page, genesisHash: string): Promise<StoredRecords> {
  const database = `petrel/${genesisHash.slice(0, 8)}`;
  await untilReleased(page, database);
  const rows = await page.evaluate(
    (name) =>
      new Promise<(number[] | undefined)[]>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.addEventListener('error', () => reject(new Error('not opened')));
        opening.addEventListener('success', () => {
          const store = opening.result.transaction('meta').objectStore('meta');
          const reads = ['proof-genesis', 'head'].map((key) => store.get(key));
          store.transaction.addEventListener('complete', () => {
            opening.result.close();
            resolve(reads.map(({ result }) => result && [...(result as Uint8Array)]));
          });
        });
      }),
    database,
  );
  const [proof, head] = rows.map((row) => row && Uint8Array.from(row));
  // The record follows the format, the hash of the parameters and the checksum (`seal.ts`).
  const proofBytes = proof?.slice(65);
  const headBytes = head?.slice(65);
  return { proof: proofBytes && decodeProof(proofBytes), head: headBytes && decodeHeadRow(headBytes) };
}
