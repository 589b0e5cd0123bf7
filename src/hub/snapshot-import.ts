import { blockHash } from '../albatross/chain/hashes.ts';
import type { LightChain, PushResult } from '../albatross/chain/light-chain.ts';
import type { SyncNet } from '../albatross/sync/net.ts';
import { macroHeader } from '../albatross/wire/blocks.ts';
import { equalBytes } from '../albatross/wire/bytes.ts';
import { encode } from '../albatross/wire/postcard/codec.ts';
import type { Block, MacroBlock } from '../albatross/wire/types.ts';
import type { Anchor, Witness } from '../engine/trust.ts';
import { type Snapshot, SnapshotError } from '../storage/snapshot.ts';

/** Peers that must hold the snapshot's election block with the same validator list, as in a sync from nothing. */
const CONFIRMATIONS = 2;

export interface SnapshotImportOptions {
  /** Ours, on which nothing else is at work. */
  readonly chain: LightChain;
  readonly trialChain: () => LightChain;
  readonly net: Pick<SyncNet, 'peers' | 'request'> | undefined;
  readonly now: () => number;
  /** Witnesses wanted for an election block taken on trust. */
  readonly witnesses: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes a snapshot's blocks into the chain, each through all rules and signatures, first on a trial chain: it is taken whole or not at all.
 * Where it follows on what we verified, it changes nothing in what that rests on. Only a chain still at genesis takes an election block on
 * trust, and then on the word of live peers, never on the snapshot's: returns that new anchor.
 * @throws SnapshotError, and the signal's reason
 */
export async function importSnapshot(snapshot: Snapshot, options: SnapshotImportOptions): Promise<Anchor | undefined> {
  const { chain, trialChain, signal } = options;
  const { election, checkpoint, tail } = snapshot;
  const top = tail.at(-1) ?? checkpoint ?? election;
  if (!top || top.header.blockNumber <= chain.head.height) throw new SnapshotError('not-newer', { height: top?.header.blockNumber ?? 0, head: chain.head.height });
  const electionHash = election ? blockHash(election) : chain.genesis.hash;
  const same = electionHash === chain.electionHead.hash;
  const follows = !same && election?.header.parentElectionHash === chain.electionHead.hash;
  const fresh = chain.head.hash === chain.genesis.hash;
  if (!same && !follows && !fresh) throw new SnapshotError('not-linked', { height: top.header.blockNumber });
  const onTrust = !same && !follows;
  // A version 1 hash does not cover all of the validator list: a snapshot alone could carry a false one with true signatures.
  const confirmed = same || !election ? [] : await confirm(election, electionHash, options);
  const steps = (target: LightChain, push: { readonly signal?: AbortSignal | undefined }): (() => Promise<PushResult>)[] => [
    ...(same || !election ? [] : [() => (onTrust ? target.pushElectionOnTrust(election, push) : target.pushMacro(election, push))]),
    ...(checkpoint ? [() => target.pushMacro(checkpoint, push)] : []),
    ...tail.map((block) => () => target.push(block, push)),
  ];
  const trial = trialChain();
  await standLike(trial, chain);
  await run(steps(trial, { signal }), top, trial);
  signal?.throwIfAborted();
  // From here on nothing stops it halfway.
  await run(steps(chain, {}), top, chain);
  if (!onTrust || !election) return undefined;
  return { kind: 'witnesses', height: election.header.blockNumber, hash: electionHash, witnesses: confirmed, fewWitnesses: confirmed.length < options.witnesses };
}

async function standLike(trial: LightChain, chain: LightChain): Promise<void> {
  const { electionHead, macroHead, head } = chain;
  const tail: Block[] = [];
  for (let height = macroHead.height + 1; height <= head.height; height++) tail.push(chain.blockAt(height)!.block);
  const election = electionHead.hash === chain.genesis.hash ? undefined : electionHead.block;
  const checkpoint = macroHead.kind === 'checkpoint' ? macroHead.block : undefined;
  const outcome = await trial.restore({ election, checkpoint, tail });
  if (outcome !== 'restored') throw new SnapshotError('refused', { rule: outcome.code });
}

async function run(steps: readonly (() => Promise<PushResult>)[], top: Block, chain: LightChain): Promise<void> {
  for (const step of steps) {
    const outcome = await step();
    if (outcome.result === 'invalid') throw new SnapshotError('refused', { rule: outcome.code });
  }
  // Whatever was known, ignored or left on a branch: in the end its head must be ours.
  if (chain.head.hash !== blockHash(top)) throw new SnapshotError('refused', { rule: 'not-adopted' });
}

/** The peers that hold this very election block, one for each network. */
async function confirm(election: MacroBlock, hash: string, { net, now, witnesses, signal }: SnapshotImportOptions): Promise<readonly Witness[]> {
  const expected = encode(macroHeader, election.header);
  const wanted = Math.max(CONFIRMATIONS, witnesses);
  const told = new Map<string, Witness>();
  await Promise.all(
    (net?.peers() ?? []).filter(({ witness }) => witness).slice(0, wanted * 2).map(async ({ id, subnet }) => {
      // A peer that cannot be asked confirms nothing, and is not to blame.
      const answer = await net?.request(id, 'block', { hash, includeBody: false }, { signal }).catch(() => undefined);
      if (!answer?.ok || answer.value.type !== 'macro' || !equalBytes(encode(macroHeader, answer.value.header), expected)) return;
      if (told.size < wanted) told.set(subnet, { peer: id, subnet, saidAt: now() });
    }),
  );
  signal?.throwIfAborted();
  if (told.size < CONFIRMATIONS) throw new SnapshotError('not-confirmed', { peers: told.size, wanted: CONFIRMATIONS });
  return Array.from(told.values());
}
