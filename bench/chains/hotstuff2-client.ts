import { concatBytes } from '../../src/base/bytes.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { hashOf } from '../../src/chains/hotstuff2/chain/hash.ts';
import type { Hs2Block, Hs2Item } from '../../src/chains/hotstuff2/chain/hs2-block.ts';
import { checkHotStuff2Network } from '../../src/chains/hotstuff2/chain/network.ts';
import { KeyValueState } from '../../src/chains/hotstuff2/chain/state.ts';
import { HotStuff2Chain, type FinalChange } from '../../src/chains/hotstuff2/client/hotstuff2-chain.ts';
import { connectSession } from '../../src/chains/hotstuff2/net/connect-session.ts';
import type { SyncSession } from '../../src/chains/hotstuff2/net/sync-session.ts';
import { finish } from '../../src/crypto/finish.ts';
import type { Verify } from '../../src/crypto/jobs.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import { stepsOf } from '../../src/crypto/steps-of.ts';
import { DEFAULT_SYNC_CONFIG } from '../../src/engine/sync/default-sync-config.ts';
import { socketUrlOf } from '../../src/network/framed/web-socket-url.ts';
import { noHandlers, type BenchClient } from './bench-client.ts';

/** On this thread: a page has verifier workers for it. */
const verify: Verify = async (job) => finish(await stepsOf(job, runJob));

/** length(4) block, length(2) certificate, as `HotStuff2Chain.decodeItem` reads it. */
function bytesOf({ block: { headerBytes, payload = new Uint8Array(), qcBytes } }: Hs2Item): Uint8Array {
  const lengths = new DataView(new ArrayBuffer(6));
  lengths.setUint32(0, headerBytes.length + payload.length);
  lengths.setUint16(4, qcBytes.length);
  return concatBytes(new Uint8Array(lengths.buffer, 0, 4), headerBytes, payload, new Uint8Array(lengths.buffer, 4, 2), qcBytes);
}

/** `keeps`: whether it holds what a store would be given. */
export function hotStuff2Client(parameters: unknown, keeps: boolean): BenchClient<Hs2Block> & { readonly chain: HotStuff2Chain } {
  const network = checkHotStuff2Network(parameters);
  const sessions: SyncSession[] = [];
  const { signal } = new AbortController();
  const kept: Uint8Array[] = [];
  let last: FinalChange | undefined;
  const firstOf = async <T>(ask: (session: SyncSession) => Promise<T | undefined>): Promise<T | undefined> => {
    for (const session of sessions) {
      const answer = await ask(session).catch(() => undefined);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  const chain = new HotStuff2Chain({
    network,
    clock: systemClock,
    verify,
    fetchSet: (hash) => firstOf((session) => session.getValidators(hash, { signal })),
    fetchFinalHeader: (height, hash) =>
      firstOf(async (session) => {
        const { value } = await session.getFinality(height, { signal });
        const { header, headerBytes } = value.final;
        if (header.height !== height || hashOf(headerBytes) !== hash || (await chain.checkProof(value, signal))) return undefined;
        return { header, headerBytes };
      }),
    keep: async (change) => {
      if (!keeps) return;
      last = change;
      for (const item of change.items) kept.push(bytesOf(item));
    },
  });
  return {
    chain,
    connect: async (address) => {
      const { peerTimeout, connectionTimeout } = DEFAULT_SYNC_CONFIG;
      const prove = (proof: Parameters<HotStuff2Chain['checkProof']>[0]) => chain.checkProof(proof, signal);
      const options = { network, handlers: noHandlers, prove, clock: systemClock, random: systemRandom, peerTimeout, connectionTimeout };
      const session = await connectSession(socketUrlOf(address)!, options, { signal });
      sessions.push(session);
      return session;
    },
    stored: () => kept.reduce((sum, { length }) => sum + length, 0),
    reopen: async () => {
      const next = hotStuff2Client(parameters, false);
      const { root, state } = last!;
      next.chain.restore(root, kept.map((bytes) => next.chain.decodeItem(bytes)), state && new KeyValueState(state.entries), chain.sets.trusted);
      return next;
    },
  };
}
