/**
 * The questions that only Moloch has: events with their proofs.
 * @module
 */
// Tests: `src/chains/moloch/client/moloch-provider.test.ts`, `test/moloch/chain-sync.test.ts`.
import { QuestionError } from '../../../engine/questions.ts';
import type { ChainPeer, FollowedChain } from '../../../engine/follow/followed-chain.ts';
import type { Item } from '../../../engine/sync/sync-chain.ts';
import { checkEvents } from '../chain/block-rules.ts';
import type { MolochEventView } from '../chain/event-views.ts';
import { eventId } from '../chain/hash.ts';
import type { Finalized, MolochBlock } from '../chain/moloch-block.ts';
import { makeCompactProof } from '../proofs/compact-proof-rules.ts';
import { makeMolochReceipt } from '../proofs/make-receipt.ts';
import { verifyMolochReceipt } from '../proofs/verify-receipt.ts';
import type { ProofAnswer, ProofRequest } from '../wire/compact-proof.ts';
import { encodeEvent } from '../wire/event.ts';
import type { MolochChain } from './moloch-chain.ts';
import type { ReturnedList } from './returned-list.ts';

/** A peer that can be asked for the place of an event. */
interface ProvingPeer extends ChainPeer<MolochBlock> {
  prove(request: ProofRequest, options: { readonly signal: AbortSignal }): Promise<ProofAnswer>;
}

interface Place {
  readonly item: Item<MolochBlock>;
  readonly index: number;
}

type Questions = FollowedChain<MolochBlock, Finalized>['questions'];

/**
 * `getEvent(id)`: a `MolochEventView`. `getEvents(height)`: those of a final block that is held with its events, else undefined. `proveEvent(id)`: the bytes of a receipt, which is verified offline. `verifyReceipt(bytes)`: a `ReceiptVerdict`. `getReturnedEvents()`: the
 * events of blocks that were rolled back.
 */
export function molochQuestions(chain: MolochChain, returned: Pick<ReturnedList, 'list'>): Questions {
  return {
    async getEvent([id], { peers, signal }) {
      const known = eventIdOf(id);
      const { item, index } = heldPlace(chain, known) ?? (await placeFromPeers(chain, known, peers, signal));
      return eventView(item, index);
    },
    async getEvents([height]) {
      if (typeof height !== 'number' || !Number.isSafeInteger(height) || height < 0) throw new QuestionError('bad-argument', { argument: 'height', expected: 'a height', came: typeof height });
      const item = chain.finalBlocks.at(height);
      return item?.block.events?.map((_, index) => eventView(item, index));
    },
    async proveEvent([id], { peers, signal }) {
      const known = eventIdOf(id);
      const place = heldPlace(chain, known) ?? (await placeFromPeers(chain, known, peers, signal));
      const trusted = chain.finalProof;
      if (!trusted) throw new QuestionError('no-answer', { asked: peers.length, reason: 'nothing-final' });
      const { header, events } = place.item.block;
      const top = trusted.header.height;
      const range = place.item.height < top ? { range: chain.finalBlocks.mmr, leaves: top } : undefined;
      return makeMolochReceipt({ network: chain.parameters, trusted, header, proof: makeCompactProof({ header, events: events! }, place.index, range), event: events![place.index]! });
    },
    async verifyReceipt([bytes]) {
      if (!(bytes instanceof Uint8Array)) throw new QuestionError('bad-argument', { expected: 'bytes', came: typeof bytes });
      return verifyMolochReceipt(bytes, chain.parameters);
    },
    getReturnedEvents: () => Promise.resolve(returned.list()),
  };
}

function eventIdOf(value: unknown): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/u.test(value)) return value;
  throw new QuestionError('bad-argument', { expected: '64 lower-case hex digits', came: typeof value });
}

function eventView({ height, id: blockHash, block }: Item<MolochBlock>, index: number): MolochEventView {
  const event = block.events![index]!;
  const { type, time, actor, resource } = event;
  return { id: eventId(event), height, blockHash, index, bytes: encodeEvent(event), type: type.kind, time, actor: actor.key, resource: `${resource.kind}/${resource.id}` };
}

function heldPlace(chain: MolochChain, id: string): Place | undefined {
  const place = chain.finalBlocks.placeOf(id);
  const item = place && chain.held(place.height);
  return item && place && isAt(item, place.index, id) ? { item, index: place.index } : undefined;
}

function isAt({ block }: Item<MolochBlock>, index: number, id: string): boolean {
  const event = block.events?.[index];
  return event !== undefined && eventId(event) === id;
}

/** Asks the peers where the event is. What they say is a hint: the block's hash must be a leaf of the range, and the event must be in it. */
async function placeFromPeers(chain: MolochChain, id: string, peers: readonly ChainPeer<MolochBlock>[], signal: AbortSignal): Promise<Place> {
  const hinted = chain.finalBlocks.placeOf(id);
  let asked = 0;
  let reason = 'not-found';
  for (const peer of peers) {
    asked += 1;
    try {
      const place = hinted ?? (await askPlace(peer, id, signal));
      if (!place) continue;
      const answer = await peer.getBlocks(place.height, 1, { signal, headersOnly: false });
      const [item] = answer.value;
      const isGood = item?.height === place.height && item.id === chain.finalBlocks.idAt(place.height) && !checkEvents(item.block) && isAt(item, place.index, id);
      if (isGood) return { item, index: place.index };
      reason = 'not-proven';
    } catch (error) {
      signal.throwIfAborted();
      reason = error instanceof Error && 'code' in error ? String(error.code) : 'internal';
    }
  }
  throw asked === 0 ? new QuestionError('no-peers', { service: 'proofs' }) : new QuestionError('no-answer', { asked, reason });
}

async function askPlace(peer: ChainPeer<MolochBlock>, id: string, signal: AbortSignal): Promise<{ readonly height: number; readonly index: number } | undefined> {
  if (!('prove' in peer)) return undefined;
  const answer = await (peer as ProvingPeer).prove({ kind: 'Event', id }, { signal });
  return answer.kind === 'Event' ? { height: answer.proof.height, index: answer.proof.index } : undefined;
}
