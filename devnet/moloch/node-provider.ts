import type { Provider, Served } from '../../src/chains/moloch/net/provider.ts';
import type { CompactProof, ProofAnswer, ProofRequest } from '../../src/chains/moloch/wire/compact-proof.ts';
import type { MolochEvent } from '../../src/chains/moloch/wire/event.ts';
import { signaturesOf, type DevBlock } from './dev-block.ts';
import { eventSiblings, MountainRange } from './dev-trees.ts';
import type { NodeFaults } from './moloch-faults.ts';
import { makeSnapshot, type DevSnapshot } from './node-snapshot.ts';

/** What a node holds at a moment, as it tells it: with the fault `fork` it is another chain. */
export interface NodeView {
  readonly chain: readonly DevBlock[];
  readonly final: number;
}

export interface ProviderOptions {
  readonly view: () => NodeView;
  readonly faults: NodeFaults;
  readonly chainId: string;
  readonly validators: readonly string[];
  readonly chunkSize: number;
}

/** Snapshots that a node keeps; at the bound the oldest is made anew when it is asked for. */
const MAX_SNAPSHOTS = 4;
const FORGED = 'f'.repeat(64);

/** What a node of the local network serves, with its faults. */
export function nodeProvider({ view, faults, chainId, validators, chunkSize }: ProviderOptions): Provider {
  const snapshots = new Map<string, DevSnapshot>();
  let mountains: { readonly hash: string; readonly range: MountainRange } | undefined;

  const range = (start: number, count: number, end: number): Served<DevBlock> => {
    const from = faults.has('wrong-range') ? start + 1 : start;
    const items = view().chain.slice(from, Math.min(from + count, end));
    return { items, more: from + items.length < end };
  };
  const map = <A, B>({ items, more }: Served<A>, change: (item: A) => B): Served<B> => ({ items: items.map(change), more });
  const blockOf = (block: DevBlock) => (faults.get('bad-events-root')?.height === block.height ? withOtherEvents(block, view().chain) : block.block);
  const place = (id: string) => view().chain.find(({ eventIds }) => eventIds.includes(id));

  const prove = (block: DevBlock | undefined, index: number): CompactProof | undefined => {
    const { chain, final } = view();
    if (block === undefined || index < 0 || index >= block.eventIds.length || block.height > final) return undefined;
    const proof = { eventId: block.eventIds[index]!, height: block.height, blockHash: block.hash, siblings: eventSiblings(block.eventIds, index), index };
    if (block.height === final) return { ...proof, mmr: undefined };
    const { hash } = chain[final]!;
    if (mountains?.hash !== hash) mountains = { hash, range: new MountainRange(chain.slice(0, final).map((it) => it.hash)) };
    return { ...proof, mmr: { ...mountains.range.prove(block.height), size: mountains.range.nodes.length, peaks: mountains.range.peaks } };
  };
  const snapshot = (height: number | undefined): DevSnapshot | undefined => {
    const { chain, final } = view();
    const at = height ?? final;
    const block = chain[at];
    // The header of a snapshot must be final by its own signatures.
    if (block === undefined || at === 0 || at > final || block.votes.size < Math.floor((2 * validators.length) / 3) + 1) return undefined;
    const known = snapshots.get(block.hash) ?? makeSnapshot(chain.slice(0, at + 1), { chainId, validators, chunkSize });
    snapshots.set(block.hash, known);
    for (const oldest of snapshots.keys()) if (snapshots.size > MAX_SNAPSHOTS) snapshots.delete(oldest);
    return known;
  };
  const answer = (request: ProofRequest): ProofAnswer => {
    if (request.kind === 'Consistency') return { kind: 'Error', text: 'proves nothing' };
    if (request.kind === 'Batch') {
      const proofs = request.ids.map((id) => prove(place(id), place(id)?.eventIds.indexOf(id) ?? -1)).filter((proof) => proof !== undefined);
      return { kind: 'Batch', proofs };
    }
    const block = request.kind === 'Event' ? place(request.id) : view().chain[request.height];
    const proof = prove(block, request.kind === 'Event' ? (block?.eventIds.indexOf(request.id) ?? -1) : request.index);
    return proof === undefined ? { kind: 'NotFound' } : { kind: 'Event', proof };
  };

  return {
    blocks: (start, count) => map(range(start, count, view().chain.length), blockOf),
    headers: (start, count) => map(range(start, count, view().chain.length), ({ block }) => block.header),
    trustedHeaders: (start, count) =>
      map(range(start, count, view().final + 1), (block) => {
        const signatures = signaturesOf(block);
        const { header } = block.block;
        return {
          header,
          signatures: faults.has('duplicate-votes') ? signatures.map(() => signatures[0]!) : signatures,
          mmrRoot: faults.has('forged-mmr-root') ? FORGED : header.mmrRoot,
        };
      }),
    events(ids) {
      const found = ids.map((id) => {
        const block = place(id);
        return block?.block.events[block.eventIds.indexOf(id)];
      });
      return { events: found.filter((event): event is MolochEvent => event !== undefined), missing: ids.filter((_, index) => found[index] === undefined) };
    },
    votes(hash) {
      const block = view().chain.find((it) => it.hash === hash);
      return block === undefined ? [] : signaturesOf(block).map(({ key, signature }) => ({ hash, height: block.height, voter: key, signature }));
    },
    prove: answer,
    snapshot(height) {
      const { manifest } = snapshot(height) ?? {};
      return manifest && { height: manifest.height, head: manifest.blockHash, mmrRoot: manifest.mmrRoot, blocks: manifest.blocks, events: manifest.events, validators };
    },
    manifest(height) {
      const { manifest } = snapshot(height) ?? {};
      return manifest && faults.has('wrong-manifest') ? { ...manifest, stateRoot: FORGED } : manifest;
    },
    chunk(height, index) {
      const { chunks } = snapshot(height) ?? {};
      const bytes = chunks?.[index];
      if (chunks === undefined || bytes === undefined) return undefined;
      return { total: chunks.length, bytes: faults.has('bad-chunk') ? bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)) : bytes };
    },
  };
}

/** The block with one byte of an event's metadata changed; a block without events gets an event of another one. The header stays as it was signed. */
export function withOtherEvents({ block }: DevBlock, chain: readonly DevBlock[]): DevBlock['block'] {
  const [first, ...others] = block.events;
  const spare = chain.find(({ block: { events } }) => events.length > 0)?.block.events[0];
  if (first === undefined) return { header: block.header, events: spare === undefined ? [] : [spare] };
  return { header: block.header, events: [{ ...first, metadata: first.metadata.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) }, ...others] };
}
