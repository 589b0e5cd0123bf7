import type { Clock } from '../../src/base/clock.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import type { Finalized, MolochBlock } from '../../src/chains/moloch/chain/moloch-block.ts';
import { checkTrustedHeader } from '../../src/chains/moloch/chain/trusted-header-rules.ts';
import { verifySignature } from '../../src/chains/moloch/chain/verify-signature.ts';
import { connectMoloch, type MolochNetContext } from '../../src/chains/moloch/net/connect.ts';
import type { MolochSession } from '../../src/chains/moloch/net/moloch-session.ts';
import { makeNodeKey } from '../../src/chains/moloch/net/node-key.ts';
import { NonceMemory } from '../../src/chains/moloch/net/nonce-memory.ts';
import type { MolochNetwork } from '../../src/chains/moloch/chain/network.ts';
import type { PeerHandlers } from '../../src/engine/follow/followed-chain.ts';
import type { Fault, Item } from '../../src/engine/sync/sync-chain.ts';
import type { PeerClaims } from '../../src/engine/sync/sync-peer.ts';
import '../../src/network/node-web-socket.ts';

/** A client without rules: it holds ids only, and notes what its sessions tell it. */
export class MolochTestClient {
  readonly context: MolochNetContext;
  readonly announced: (Item<MolochBlock> | Finalized)[] = [];
  readonly claims: PeerClaims[] = [];
  readonly faults: Fault[] = [];
  readonly closed: (string | undefined)[] = [];
  /** Ids by height; a test says what the client holds. */
  ids: string[];
  final = 0;
  mmrRoot = '0'.repeat(64);
  readonly #sessions: MolochSession[] = [];
  readonly handlers: PeerHandlers<MolochBlock, Finalized> = {
    announced: (it) => void this.announced.push(it.kind === 'block' ? it.item : it.proof),
    claims: (claims) => void this.claims.push(claims),
    fault: (fault) => void this.faults.push(fault),
    closed: (code) => void this.closed.push(code),
  };

  constructor({ chainId, genesisHash, validators }: MolochNetwork, change: Partial<MolochNetContext> = {}, clock: Clock = systemClock) {
    this.ids = [genesisHash];
    this.context = {
      clock,
      random: systemRandom,
      own: makeNodeKey(systemRandom.bytes(32)),
      chainId,
      genesis: genesisHash,
      nonces: new NonceMemory(clock),
      verify: verifySignature,
      isKey: () => true,
      connected: new Set(),
      allowInsecure: false,
      wantedSnapshot: () => undefined,
      held: {
        head: () => ({ height: this.ids.length - 1, id: this.ids.at(-1)! }),
        final: () => ({ height: this.final, id: this.ids[this.final]! }),
        idAt: (height) => this.ids[height],
        mmrRoot: () => this.mmrRoot,
      },
      status: () => ({ syncing: false, peers: this.#sessions.length }),
      proveFinal: async (header) => {
        const fault = await checkTrustedHeader(header, validators, verifySignature);
        return fault?.code === 'too-few-signatures' ? 'short' : (fault ?? 'final');
      },
      provider: undefined,
      fetching: new Set(),
      ...change,
    };
  }

  async connect(address: string): Promise<MolochSession> {
    const session = await connectMoloch(address, this.context, this.handlers, { signal: AbortSignal.timeout(60_000) });
    this.#sessions.push(session);
    return session;
  }

  close(): void {
    for (const session of this.#sessions) session.close();
  }
}
