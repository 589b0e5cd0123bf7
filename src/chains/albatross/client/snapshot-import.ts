import { blockHash } from '../chain/hashes.ts';
import type { LightChain, PushResult } from '../chain/light-chain.ts';
import type { SyncNet, SyncPeer } from '../sync/net.ts';
import { maxRoundPeers } from '../sync/settings.ts';
import { macroHeader } from '../wire/blocks.ts';
import { equalBytes } from '../../../base/bytes.ts';
import type { Clock } from '../../../base/clock.ts';
import { joinSignals } from '../../../base/tasks.ts';
import { askBeside, askPatience } from '../../../engine/fetch/ask-beside.ts';
import { encode } from '../../../base/postcard/codec.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import type { Anchor, Witness } from '../../../engine/trust.ts';
import { countNetworks, isCheapNetwork } from '../../../engine/peers/witness-network.ts';
import { type Snapshot, SnapshotError } from '../store/snapshot.ts';

/** Number of peers that must hold the snapshot's election block with the same validator list, as in a sync from nothing. */
const CONFIRMATIONS = 2;
/** Milliseconds to wait for further witnesses when there are enough confirmations: long enough to ask one more peer beside a silent one. */
const WITNESS_PATIENCE = 2 * askPatience;

export interface SnapshotImportOptions {
  /** The client's own chain; nothing else may be changing it. */
  readonly chain: LightChain;
  readonly trialChain: () => LightChain;
  readonly net: Pick<SyncNet, 'peers' | 'request'> | undefined;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>;
  /** Number of witnesses wanted for an election block taken on trust. */
  readonly witnesses: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes a snapshot's blocks into the chain, each through all rules and signatures, first on a trial chain: it is taken whole or not at all.
 * If it follows on what we verified, the anchor stays the same. Only a chain still at genesis takes an election block on trust, and then on
 * the word of live peers, never on the snapshot's: returns that new anchor.
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
  // A version 1 hash does not cover the whole validator list: a snapshot alone could carry a false list with true signatures.
  const { confirmed, copies } = same || !election ? { confirmed: [], copies: [] } : await confirm(election, electionHash, options);
  const signed = election && follows && !election.justification ? await signedCopy(election, copies, chain) : election;
  const steps = (target: LightChain, push: { readonly signal?: AbortSignal | undefined }): (() => Promise<PushResult>)[] => [
    ...(same || !signed ? [] : [() => (onTrust ? target.pushElectionOnTrust(signed, push) : target.pushMacro(signed, push))]),
    ...(checkpoint ? [() => target.pushMacro(checkpoint, push)] : []),
    ...tail.map((block) => () => target.push(block, push)),
  ];
  const trial = trialChain();
  await standLike(trial, chain);
  await run(steps(trial, { signal }), top, trial);
  signal?.throwIfAborted();
  // From here on the import is not interrupted.
  await run(steps(chain, {}), top, chain);
  if (!onTrust || !election) return undefined;
  return { kind: 'witnesses', height: election.header.blockNumber, hash: electionHash, witnesses: confirmed, fewWitnesses: countNetworks(confirmed.map(({ subnet }) => subnet), options.witnesses) < options.witnesses };
}

/** A client that took the block on trust exports it without signatures. The peers that confirm the block have them. */
async function signedCopy(election: MacroBlock, copies: readonly MacroBlock[], chain: LightChain): Promise<MacroBlock> {
  for (const { justification } of copies) {
    const copy = { ...election, justification };
    if ((await chain.verifyMacroJustification(copy, chain.validators)) === undefined) return copy;
  }
  return election;
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
  // Single blocks may be known, ignored or left on a branch, but in the end the snapshot's head must be ours.
  if (chain.head.hash !== blockHash(top)) throw new SnapshotError('refused', { rule: 'not-adopted' });
}

/**
 * The peers that hold exactly this election block, one for each network. Peers on cheap networks (known only by a name) are asked last, and
 * do not suffice alone. As many as wanted are asked at once; another one is asked beside a silent one, and for one that does not confirm.
 */
async function confirm(election: MacroBlock, hash: string, { net, clock, witnesses, signal }: SnapshotImportOptions): Promise<{ readonly confirmed: readonly Witness[]; readonly copies: readonly MacroBlock[] }> {
  const expected = encode(macroHeader, election.header);
  const wanted = Math.max(CONFIRMATIONS, witnesses);
  const told = new Map<string, Witness>();
  const copies: MacroBlock[] = [];
  const able = (net?.peers() ?? []).filter(({ witness }) => witness).toSorted((a, b) => Number(isCheapNetwork(a.subnet)) - Number(isCheapNetwork(b.subnet)));
  const left = able.slice(0, Math.max(wanted * 2, maxRoundPeers));
  // A peer that cannot be asked confirms nothing, but is not to blame.
  const ask = async ({ id }: SyncPeer, own: AbortSignal) => net?.request(id, 'block', { hash, includeBody: false }, { signal: own }).catch(() => undefined);
  const patience = (asking: number) => (countNetworks(told.keys(), wanted) + asking < wanted ? 0 : askPatience);
  const over = new AbortController();
  const joined = joinSignals(signal, over.signal);
  let cancel: (() => void) | undefined;
  try {
    for await (const { peer: { id, subnet }, answer } of askBeside({ clock, next: () => left.shift(), ask, signal: joined.signal, most: wanted * 2, patience })) {
      if (!answer?.ok || answer.value.type !== 'macro' || !equalBytes(encode(macroHeader, answer.value.header), expected)) continue;
      told.set(subnet, { peer: id, subnet, saidAt: clock.now() });
      copies.push(answer.value);
      if (countNetworks(told.keys(), wanted) >= wanted) break;
      if (countNetworks(told.keys(), CONFIRMATIONS) >= CONFIRMATIONS) cancel ??= clock.after(WITNESS_PATIENCE, () => over.abort());
    }
  } catch (error) {
    if (!over.signal.aborted) throw error;
  } finally {
    cancel?.();
    joined.release();
  }
  signal?.throwIfAborted();
  const peers = countNetworks(told.keys(), CONFIRMATIONS);
  if (peers < CONFIRMATIONS) throw new SnapshotError('not-confirmed', { peers, wanted: CONFIRMATIONS });
  return { confirmed: Array.from(told.values()), copies };
}
