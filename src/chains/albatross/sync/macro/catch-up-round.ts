import type { LightChain } from '../../chain/light-chain.ts';
import { catchUp } from './macro-catch-up.ts';
import type { CatchUpOptions, CatchUpOutcome } from './macro-catch-up.ts';
import type { MacroContext } from '../macro-context.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import type { PicoPeer } from '../pico-peer.ts';
import { maxRoundPeers } from '../settings.ts';

interface RoundEvents {
  readonly onProgress?: CatchUpOptions['onProgress'];
  readonly onNewcomer?: CatchUpOptions['onNewcomer'];
  readonly onEmpty?: CatchUpOptions['onEmpty'];
}

/** One round of catching up on `chain`, our own or one on trial, with the peers of the macro sync. */
export function catchUpRound(context: MacroContext, chain: LightChain, peers: readonly PicoPeer[], signal: AbortSignal, { onProgress, onNewcomer = () => {}, onEmpty = () => {} }: RoundEvents = {}): Promise<CatchUpOutcome> {
  const { asker, bulk, clock, random, settings, report } = context.options;
  const usable = (id: PeerId) => context.able.some((entry) => entry.id === id);
  const others = () => context.able.map(({ peer }) => peer);
  const asked = peers.slice(0, maxRoundPeers);
  const newcomers = () => context.entries.flatMap((entry) => (entry.state === 'ahead' && !asked.includes(entry) ? [entry.id] : []));
  return catchUp({ chain, asker, bulk, clock, random, settings, peers: asked.map(({ peer }) => peer), newcomers, onNewcomer, onEmpty, others, usable, report, onProgress, signal });
}
