import { toHex } from '../../src/base/bytes.ts';
import type { StoredBlock } from './block-store.ts';
import type { World } from './world.ts';

/** Messages that are kept, from the first on. */
const MAX_MESSAGES = 1000;
const TYPES = ['PROPOSAL', 'VOTE', 'NEWVIEW'] as const;

/** A block in the vectors' form. */
interface RecordedBlock {
  readonly engineCommitted: boolean;
  readonly hash: string;
  readonly header: string;
  readonly height: number;
  readonly payload: string;
  readonly proposer: number;
  readonly qc?: string;
  readonly time: number;
  readonly view: number;
}

/** A network's chain in the form of the vectors, so that the Go library can judge it. All bytes in hex. */
export type Record = Readonly<{ format: string } & { [part: string]: unknown }>;

function recorded({ hash, header, headerBytes, payload, certificate }: StoredBlock, engineCommitted: boolean): RecordedBlock {
  const { height, proposer, time, view } = header;
  return { engineCommitted, hash, header: toHex(headerBytes), height, payload: toHex(payload), proposer, ...(certificate ? { qc: toHex(certificate.bytes) } : {}), time, view };
}

/** Keeps what a network makes, for `record`. Unbounded but for the messages: it is for runs that end. */
export class Recorder {
  readonly #world: World;
  readonly #on: boolean;
  readonly #messages: { readonly seq: number; readonly type: string; readonly view: number; readonly from: number; readonly hex: string }[] = [];
  readonly #commits: { readonly node: number; readonly heights: number[]; timeouts: number }[];
  readonly #lost: StoredBlock[] = [];
  readonly #began = performance.now();

  constructor(world: World, replicas: number, on: boolean) {
    this.#world = world;
    this.#on = on;
    this.#commits = Array.from({ length: replicas }, (_, node) => ({ node, heights: [], timeouts: 0 }));
    if (!on) return;
    world.bus.tap = (message, from) => {
      if (message.kind !== 'consensus' || this.#messages.length >= MAX_MESSAGES) return;
      const view = new DataView(message.bytes.buffer, message.bytes.byteOffset).getUint32(1);
      this.#messages.push({ seq: this.#messages.length, type: TYPES[message.bytes[0]!]!, view, from, hex: toHex(message.bytes) });
    };
  }

  final(replica: number, blocks: readonly StoredBlock[]): void {
    // The library tells only of the block that a pair makes final; those before it become final with it.
    if (this.#on) this.#commits[replica]!.heights.push(blocks.at(-1)!.header.height);
  }

  lost(blocks: readonly StoredBlock[]): void {
    if (this.#on) this.#lost.push(...blocks);
  }

  timeout(replica: number): void {
    this.#commits[replica]!.timeouts += 1;
  }

  /** `blocks`: the final ones from genesis on. `losers`: those that lost and are not forgotten. */
  record(blocks: readonly StoredBlock[], losers: readonly StoredBlock[]): Record {
    const { network, epochs } = this.#world;
    const first = epochs.epochs[0]!;
    const n = first.keys.length;
    const set = ({ keys, bytes, hash }: typeof first) => ({ seeds: keys.map(({ seed }) => toHex(seed)), validators: keys.map(({ publicKey }) => toHex(publicKey)), validatorsBytes: toHex(bytes), validatorsHash: hash });
    const lost = Array.from(new Map([...this.#lost, ...losers].map((block) => [block.hash, block])).values());
    const pairs = new Set(lost.flatMap(({ header: { parent, view }, certificate }) => (certificate ? [`${parent} ${view}`] : [])));
    /** Final by a certified child of the next view; others are final only with one above them. */
    const isDirect = ({ hash, header: { height, view } }: StoredBlock): boolean =>
      height > 0 && (height === blocks.length - 1 || blocks[height + 1]!.header.view === view + 1 || pairs.has(`${hash} ${view + 1}`));
    const gaps = blocks.slice(1).flatMap(({ header }, i) => {
      const parent = blocks[i]!;
      return i > 0 && header.view !== parent.header.view + 1 ? [{ childView: header.view, height: parent.header.height, parentEngineCommitted: isDirect(parent), view: parent.header.view }] : [];
    });
    const chain = {
      blocks: blocks.map((block) => recorded(block, isDirect(block))),
      chainId: network.chainId,
      droppedByOurChecks: {},
      elapsedMs: Math.round(performance.now() - this.#began),
      engineCommitOrder: this.#commits,
      genesisState: network.genesisState,
      messages: this.#messages,
      n,
      name: network.name,
      notFinal: lost.map((block) => recorded(block, false)),
      quorumUpstream: 2 * Math.floor((n - 1) / 3) + 1,
      ...set(first),
      viewGaps: gaps,
      // Beyond the vectors' form: the scheme, whose keys have secret scalars as `seeds`; and the sets that hand-overs have made, in their order.
      ...(epochs.scheme === 'bls' ? { scheme: epochs.scheme } : {}),
      ...(epochs.epochs.length > 1 ? { epochs: epochs.epochs.map(set) } : {}),
    };
    return { format: 'hs2-light/1 vectors', [`n${n}`]: chain };
  }
}
