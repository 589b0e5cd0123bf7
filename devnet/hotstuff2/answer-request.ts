import { equalBytes, fromHex, toHex } from '../../src/base/bytes.ts';
import type { CertifiedBytes, SyncAnswer } from '../../src/chains/hotstuff2/wire/sync-answers.ts';
import { MAX_FRAME_TO_CLIENT, SYNC_VERSION, type SyncErrorNumber } from '../../src/chains/hotstuff2/wire/sync-limits.ts';
import type { SyncRequest } from '../../src/chains/hotstuff2/wire/sync-requests.ts';
import { blockBytes } from './block-store.ts';
import type { Missing, ServedChain } from './served-chain.ts';
import type { World } from './world.ts';

const MISSING: Readonly<Record<Missing, SyncErrorNumber>> = { pruned: 4, 'beyond-tip': 5 };

/** Bytes of an answer with blocks besides its blocks: frame header, from, count; and of each block: two lengths. */
const BLOCKS_OVERHEAD = 16;
const ITEM_OVERHEAD = 6;

const error = (code: SyncErrorNumber, text: string): SyncAnswer => ({ type: 'error', code, text });
const missing = (what: Missing): SyncAnswer => error(MISSING[what], what);

function blocksAnswer(type: 'blocks' | 'headers', from: number, count: number, chain: ServedChain): SyncAnswer {
  const items: CertifiedBytes[] = [];
  let size = BLOCKS_OVERHEAD;
  for (let height = from; items.length < count && height <= chain.tipHeight; height += 1) {
    const block = chain.at(height)!;
    const item = { bytes: type === 'blocks' ? blockBytes(block) : block.headerBytes, qc: block.certificate?.bytes ?? new Uint8Array() };
    size += item.bytes.length + item.qc.length + ITEM_OVERHEAD;
    if (size > MAX_FRAME_TO_CLIENT) break;
    items.push(item);
  }
  return items.length === 0 ? error(5, `the tip is ${chain.tipHeight}`) : { type, from, items };
}

/** What an honest replica answers. Subscriptions and the order of frames are for the connection. */
export function answerRequest(request: SyncRequest, chain: ServedChain, world: World): SyncAnswer {
  switch (request.type) {
    case 'hello': {
      const chainId = fromHex(world.network.chainId);
      if (request.version !== SYNC_VERSION) return error(3, `version ${SYNC_VERSION}`);
      if (!equalBytes(request.chainId, chainId)) return error(2, `chain ${world.network.chainId}`);
      return { type: 'hello-ack', version: SYNC_VERSION, chainId, nonce: request.nonce, genesisHash: fromHex(world.network.genesisHash), status: chain.status() };
    }
    case 'get-status':
      return { type: 'status', status: chain.status() };
    case 'get-blocks':
      return blocksAnswer('blocks', request.from, request.count, chain);
    case 'get-headers':
      return blocksAnswer('headers', request.from, request.count, chain);
    case 'get-finality': {
      const proof = chain.finality(request.height);
      return proof ? { type: 'finality', proof } : missing('beyond-tip');
    }
    case 'get-snapshot': {
      const manifest = chain.manifest(request.height);
      return typeof manifest === 'string' ? missing(manifest) : { type: 'manifest', manifest };
    }
    case 'get-chunk': {
      const chunk = chain.chunk(request.height, request.index);
      return typeof chunk === 'string' ? missing(chunk) : { type: 'chunk', index: request.index, chunk };
    }
    case 'subscribe':
      return { type: 'subscribed' };
    case 'unsubscribe':
      return { type: 'unsubscribed' };
    case 'get-validators': {
      const epoch = world.epochs.get(toHex(request.hash));
      return epoch ? { type: 'validators', set: epoch.bytes } : error(4, 'no such set');
    }
    case 'get-state-proof': {
      const proof = chain.stateProof(request.height, request.key);
      return typeof proof === 'string' ? missing(proof) : { type: 'state-proof', proof };
    }
    case 'ping':
      return { type: 'pong', echo: request.echo };
  }
}
