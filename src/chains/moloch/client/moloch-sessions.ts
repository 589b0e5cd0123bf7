/**
 * The sessions of a client with its chain: each is told of new heads, a block that was verified is sent on once, and one that came too early is given again.
 * @module
 */
// Tests: `test/moloch/scenarios.test.ts`.
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { PeerHandlers } from '../../../engine/follow/followed-chain.ts';
import type { Item } from '../../../engine/sync/sync-chain.ts';
import { UploadShares } from '../../../engine/serve/upload-shares.ts';
import type { AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { VerifySignature } from '../chain/verify-signature.ts';
import type { Finalized, MolochBlock } from '../chain/moloch-block.ts';
import { connectMoloch, type MolochNetContext } from '../net/connect.ts';
import type { MolochSession } from '../net/moloch-session.ts';
import { makeNodeKey } from '../net/node-key.ts';
import { NonceMemory } from '../net/nonce-memory.ts';
import type { IsKey } from '../wire/bincode.ts';
import { EarlyBlocks } from './early-blocks.ts';
import type { MolochChain } from './moloch-chain.ts';
import { molochProvider } from './moloch-provider.ts';

type Handlers = PeerHandlers<MolochBlock, Finalized>;

export interface SessionsOptions {
  readonly chain: MolochChain;
  readonly clock: Clock;
  readonly random: Random;
  readonly verify: VerifySignature;
  readonly isKey: IsKey;
  readonly allowInsecure: boolean;
  /** Bytes that are given to peers within an hour at most. */
  readonly uploadCap: number;
}

export class MolochSessions {
  readonly #sessions = new Map<MolochSession, Handlers>();
  readonly #early: EarlyBlocks;
  readonly #context: Omit<MolochNetContext, 'own'>;
  readonly #random: Random;
  readonly #uploads: UploadShares;

  constructor({ chain, clock, random, verify, isKey, allowInsecure, uploadCap }: SessionsOptions) {
    const { chainId, genesisHash: genesis, checkpoint } = chain.parameters;
    this.#random = random;
    this.#uploads = new UploadShares(clock, uploadCap);
    this.#early = new EarlyBlocks(clock, (item) => this.#giveAgain(item));
    this.#context = {
      clock, random, verify, isKey, allowInsecure, chainId, genesis,
      nonces: new NonceMemory(clock),
      connected: new Set(),
      fetching: new Set(),
      held: {
        head: () => chain.head(),
        final: () => chain.tip(),
        idAt: (height) => chain.idAt(height),
        // The head is held, whatever it is.
        mmrRoot: () => chain.held(chain.head().id)!.block.header.mmrRoot,
      },
      status: () => ({ syncing: Array.from(this.#sessions.keys()).some(({ state }) => state === 'SYNCING'), peers: this.#sessions.size }),
      proveFinal: (header, signal) => chain.proveFinal(header, signal),
      provider: molochProvider(chain),
      wantedSnapshot: () => (checkpoint && chain.tip().height < checkpoint.height ? checkpoint.height : undefined),
    };
  }

  /** Bytes that were given to peers since the start, and the limit within an hour. */
  get uploads(): Pick<UploadShares, 'total' | 'cap'> {
    return this.#uploads;
  }

  async connect(address: string, handlers: Handlers, { signal }: AskOptions): Promise<MolochSession> {
    let session: MolochSession | undefined;
    const closed = (code: string | undefined) => {
      if (session) this.#sessions.delete(session);
      handlers.closed(code);
    };
    session = await connectMoloch(address, { ...this.#context, own: makeNodeKey(this.#random.bytes(32)), uploads: this.#uploads.of(address) }, { ...handlers, closed }, { signal });
    if (session.state !== 'CLOSED') this.#sessions.set(session, handlers);
    return session;
  }

  /** The head has moved: each session compares it with its peer's. */
  headMoved(): void {
    for (const session of this.#sessions.keys()) session.noteHead();
  }

  /** A block was verified that a peer announced: it is sent on to the others, once (Moloch reference, 6.6). */
  forward(item: Item<MolochBlock>): void {
    for (const session of this.#sessions.keys()) session.forward(item);
  }

  /** A block that came before its time: see `EarlyBlocks`. */
  keepEarly(item: Item<MolochBlock>, due: number): void {
    this.#early.keep(item, due);
  }

  stop(): void {
    this.#early.stop();
  }

  /** As if the first peer that is connected had announced it. */
  #giveAgain(item: Item<MolochBlock>): void {
    for (const handlers of this.#sessions.values()) return handlers.announced({ kind: 'block', item });
  }
}
