// Tests: `devnet/stacks/gateway-server.test.ts`.
/**
 * Answers with tenures and blocks (Stacks reference, 8).
 * @module
 */
import { concatBytes, toHex } from '../../src/base/bytes.ts';
import { encodeBlock, type NakamotoBlock } from '../../src/chains/stacks/wire/block.ts';
import { encodeEpoch2Block } from '../../src/chains/stacks/wire/epoch2-block.ts';
import { encodeEpoch2Header } from '../../src/chains/stacks/wire/epoch2-header.ts';
import { json, octets, plain, type GatewayAnswer } from './answer.ts';
import { downFrom, type ChainView } from './chain-view.ts';
import { startOf, type DevBlock } from './dev-block.ts';
import { tipFields } from './header-fields.ts';

/** Sortitions in an answer of `fork_info` at most. */
const MAX_FORK_INFO = 10;
const HASH = /^[0-9a-f]{64}$/u;
const CONSENSUS_HASH = /^[0-9a-f]{40}$/u;

export interface BlockAnswers {
  readonly view: ChainView;
  /** Bytes of an answer with a tenure at most; at least one block is sent. */
  readonly maxBytes: number;
  /** The block as it is sent: a fault may exchange its signatures. */
  readonly sent: (block: DevBlock) => NakamotoBlock;
  /** The block that is sent for an id: a fault may send another. */
  readonly sentForId: (block: DevBlock) => DevBlock;
  /** The block that is named for a transaction: a fault may name another. */
  readonly named: (block: DevBlock) => DevBlock;
  /** Headers of epoch 2.x as they are sent: a fault may change one. */
  readonly sentEpoch2: (headers: readonly Uint8Array[]) => readonly Uint8Array[];
  /** A block of epoch 2.x as it is sent: a fault may change it. */
  readonly sentEpoch2Block: (block: Uint8Array) => Uint8Array;
  /** The blocks of a tenure as they are sent: a fault may leave one out. */
  readonly sentTenure: (blocks: readonly DevBlock[]) => readonly DevBlock[];
}

export function answerTenureInfo({ tip, burnTip, chain }: ChainView): GatewayAnswer {
  const start = startOf(tip);
  const parent = start.parent ? startOf(start.parent) : start;
  return json({
    consensus_hash: tip.tenure.consensusHash, tenure_start_block_id: start.id, parent_consensus_hash: parent.tenure.consensusHash, parent_tenure_start_block_id: parent.id, tip_block_id: tip.id, tip_height: tip.height,
    reward_cycle: chain.cycleOf(burnTip),
  });
}

/** `/v3/tenures/tip/{consensus hash}` and `tip_metadata`. */
export function answerTenureTip({ view, sent }: BlockAnswers, consensusHash: string, withMetadata: boolean): GatewayAnswer {
  const block = view.tipOfTenure(consensusHash);
  if (!block) return plain(404, `No blocks in tenure ${consensusHash}`);
  const fields = tipFields(block.header ? { ...block, header: sent(block).header } : block);
  return json(withMetadata ? { anchored_header: fields, burn_view: block.burnView.consensusHash } : fields);
}

/** `/v3/tenures/blocks/…`. */
export function answerTenureBlocks(view: ChainView, parts: readonly string[]): GatewayAnswer {
  const [kind = '', value = ''] = parts;
  const sortition = CONSENSUS_HASH.test(kind) ? view.sortition(kind) : kind === 'height' && /^\d+$/u.test(value) ? view.sortitionAt(Number(value)) : kind === 'hash' ? view.sortitions.find(({ burnHash }) => burnHash === value) : undefined;
  if (!sortition) return plain(404, `No tenure for ${parts.join(' ')}`);
  return json({
    consensus_hash: sortition.consensusHash, last_sortition_ch: sortition.lastWinner ?? null, burn_block_height: sortition.burnHeight, burn_block_hash: sortition.burnHash,
    stacks_blocks: view.tenure(sortition.consensusHash).map((block) => ({ block_id: block.id, header_type: block.header ? 'nakamoto' : 'epoch2', block_hash: block.hash, parent_block_id: block.parentId, height: block.height })),
  });
}

/** `/v3/tenures/{block id}?stop=`: blocks back to back, without `stop` and what lies below. */
export function answerTenure({ view, maxBytes, sent, sentTenure }: BlockAnswers, id: string, stop: string | null): GatewayAnswer {
  const block = HASH.test(id) ? view.block(id) : undefined;
  if (!block?.header) return plain(404, `No such block ${id}\n`);
  const down = downFrom(block);
  const end = down.findIndex((it) => it.id === stop);
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const it of sentTenure(end < 0 ? down : down.slice(0, end))) {
    const bytes = encodeBlock(sent(it));
    if (parts.length > 0 && size + bytes.length > maxBytes) break;
    parts.push(bytes);
    size += bytes.length;
  }
  return octets(concatBytes(...parts));
}

/** `/v3/blocks/{id}` and `/v3/blocks/height/{n}`. */
export function answerBlock({ view, sent, sentForId }: BlockAnswers, parts: readonly string[]): GatewayAnswer {
  const [first = '', height = ''] = parts;
  const block = first === 'height' ? (/^\d+$/u.test(height) ? view.at(Number(height)) : undefined) : HASH.test(first) ? view.block(first) : undefined;
  return block?.header ? octets(encodeBlock(sent(first === 'height' ? block : sentForId(block)))) : plain(404, `No such block ${first === 'height' ? height : first}\n`);
}

/** `/v2/headers/{n}?tip=`: headers of epoch 2.x, newest first, from the tip down, which must be one of them. */
export function answerHeaders({ view, sentEpoch2 }: BlockAnswers, count: string, tip: string | null): GatewayAnswer {
  const from = tip === null ? view.tip : view.block(tip);
  if (!from?.epoch2) return plain(404, `No such block ${from?.id ?? tip}\n`);
  if (!/^\d{1,4}$/u.test(count)) return plain(400, 'Invalid quantity');
  const blocks: DevBlock[] = [];
  for (let at: DevBlock | undefined = from; at?.epoch2 && blocks.length < Number(count); at = at.parent) blocks.push(at);
  const sent = sentEpoch2(blocks.map(({ epoch2 }) => encodeEpoch2Header(epoch2!)));
  return json(blocks.map(({ tenure, parentId }, i) => ({ consensus_hash: tenure.consensusHash, header: toHex(sent[i]!), parent_block_id: parentId })));
}

/** `/v2/blocks/{id}`: a block of epoch 2.x. */
export function answerEpoch2Block({ view, sentEpoch2Block }: BlockAnswers, id: string): GatewayAnswer {
  const block = HASH.test(id) ? view.block(id) : undefined;
  return block?.epoch2 ? octets(sentEpoch2Block(encodeEpoch2Block({ header: block.epoch2, transactions: block.transactions }))) : plain(404, `No such block ${id}\n`);
}

/** `/v3/tenures/fork_info/{older}/{newer}`. */
export function answerForkInfo(view: ChainView, older: string, newer: string): GatewayAnswer {
  const [from, to] = [older, newer].map((hash) => view.sortitions.findIndex(({ consensusHash }) => consensusHash === hash)) as [number, number];
  if (from < 0 || to < from) return json('Supplied start and end sortitions are not in the same sortition fork', 400);
  const sortitions = view.sortitions.slice(Math.max(from, to - MAX_FORK_INFO + 1), to + 1).toReversed();
  return json(
    sortitions.map((it) => {
      const blocks = view.tenure(it.consensusHash).toReversed();
      const nakamoto = blocks.filter(({ header }) => header);
      const list = concatBytes(new Uint8Array(4), ...nakamoto.map(({ header, transactions }) => encodeBlock({ header: header!, transactions })));
      new DataView(list.buffer, list.byteOffset).setUint32(0, nakamoto.length);
      return {
        burn_block_hash: `0x${it.burnHash}`, burn_block_height: it.burnHeight, sortition_id: `0x${it.sortitionId}`, parent_sortition_id: `0x${it.parentSortitionId}`, consensus_hash: `0x${it.consensusHash}`,
        was_sortition: it.winner !== undefined, first_block_mined: blocks[0] ? `0x${blocks[0].id}` : null, nakamoto_blocks: nakamoto.length > 0 ? toHex(list) : null,
      };
    }),
  );
}

/** `/v3/transaction/{txid}`, of the canonical chain. */
export function answerTransaction({ view, named }: BlockAnswers, id: string): GatewayAnswer {
  for (let at: DevBlock | undefined = view.tip; at; at = at.parent) {
    const index = at.transactionIds.indexOf(id);
    if (index >= 0) return json({ index_block_hash: named(at).id, tx: toHex(at.transactions[index]!.bytes), result: '(ok true)', block_height: at.height, is_canonical: true });
  }
  return plain(404, `Transaction ${id} not found`);
}
