import type { Clock } from '../../src/base/clock.ts';
import type { ChainPeer, PeerHandlers } from '../../src/engine/follow/followed-chain.ts';
import { RequestError } from '../../src/engine/peers/peer-net.ts';
import { type AskOptions, PeerFault } from '../../src/engine/sync/sync-peer.ts';
import { openFrames } from '../../src/network/framed/frame-connection.ts';
import { PendingRequests } from '../../src/network/framed/pending-requests.ts';
import { socketUrlOf } from '../../src/network/framed/web-socket-url.ts';
import { BLOCK_LENGTH, brokenRule, decodeToyBlock, genesisOf, type ToyBlock, type ToyNetwork } from '../toy-chain/counter.ts';
import { itemOf } from './framed-chain.ts';
import { ANNOUNCE, FRAME, frame, u32 } from './framed-node.ts';

const LIMITS = { received: 1_000_000, sent: 1_000, buffered: 100_000 };

/** Connects to a node, and waits for its first status. */
export async function connectToy(address: string, network: ToyNetwork, clock: Clock, handlers: PeerHandlers<ToyBlock, never>, { signal }: AskOptions): Promise<ChainPeer<ToyBlock>> {
  const connection = await openFrames(socketUrlOf(address)!.url, { clock, protocols: ['toy.1'], limits: LIMITS, timeout: 5_000, signal });
  const requests = new PendingRequests<Uint8Array>({ clock, limit: 8, timeout: 2_000 });
  let height: number | undefined;
  const peer: ChainPeer<ToyBlock> = {
    id: address, address, transport: 'ws',
    get latency() {
      return requests.latency;
    },
    get received() {
      return connection.received;
    },
    get claims() {
      return { height: height ?? 0, earliest: 0, snapshot: undefined };
    },
    close: () => connection.close(),
    async getBlocks(from, count, options) {
      const body = await requests.ask(FRAME.blocks, (id) => connection.send(frame(FRAME.blocks, id, u32(from, count))), options);
      if (body.length === 0) throw new RequestError('refused', 'beyond the tip');
      if (body.length % BLOCK_LENGTH !== 0 || body.length > count * BLOCK_LENGTH) throw new PeerFault('malformed', 'offence');
      const blocks = Array.from({ length: body.length / BLOCK_LENGTH }, (_, index) => decodeToyBlock(body.subarray(index * BLOCK_LENGTH, (index + 1) * BLOCK_LENGTH)));
      if (blocks.some(({ value }, index) => value !== from + index)) throw new PeerFault('wrong-range', 'offence');
      return { value: blocks.map(itemOf), size: body.length };
    },
    async proveTarget(_atLeast, options) {
      const body = await requests.ask(FRAME.prove, (id) => connection.send(frame(FRAME.prove, id)), options);
      const block = body.length === 0 ? genesisOf(network) : decodeToyBlock(body);
      if (block.value > 0 && (await brokenRule(network, { ...block, id: block.parent, value: block.value - 1 }, block))) throw new PeerFault('invalid-signature', 'lie');
      return { height: block.value, id: block.id, proven: true };
    },
    getManifest: () => Promise.reject(new RequestError('refused', 'no snapshots')),
    getChunk: () => Promise.reject(new RequestError('refused', 'no snapshots')),
  };
  return new Promise((resolve, reject) => {
    connection.listen({
      onFrame: (bytes) => {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        const [kind, id, body] = [view.getUint8(0), view.getUint32(1), bytes.subarray(5)];
        if (kind === ANNOUNCE) return handlers.announced({ kind: 'block', item: itemOf(decodeToyBlock(body)) });
        if (kind !== (FRAME.status | 0x80)) {
          if (requests.answer(id, kind & 0x7f, body) === 'unknown') handlers.fault({ code: 'unasked', weight: 'offence' });
          return;
        }
        const first = height === undefined;
        height = view.getUint32(5);
        if (first) resolve(peer);
        else handlers.claims(peer.claims);
      },
      onClose: ({ by }) => {
        requests.close();
        reject(new RequestError('disconnected', by));
        handlers.closed(by);
      },
    }, { pingAfter: 30_000, closeAfter: 60_000, ping: () => connection.send(frame(FRAME.prove, 0)) });
  });
}
