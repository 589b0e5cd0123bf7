import { fromHex } from '../../../src/base/bytes.ts';
import { provePath } from '../../../devnet/stacks/prove-key.ts';
import type { ChainView } from '../../../devnet/stacks/chain-view.ts';
import { downFrom } from '../../../devnet/stacks/chain-view.ts';
import { backFrom, startOf, type DevBlock } from '../../../devnet/stacks/dev-block.ts';
import type { Sortition as DevSortition } from '../../../devnet/stacks/sortition.ts';
import type { Gateway, Sortition } from '../../../src/chains/stacks/net/gateway.ts';
import type { PassedHeader } from '../../../src/chains/stacks/proofs/block-root.ts';
import { encodeEpoch2Header } from '../../../src/chains/stacks/wire/epoch2-header.ts';
import { encodeHeader } from '../../../src/chains/stacks/wire/header.ts';

const sized = <T>(value: T | undefined, size = 100) => (value === undefined ? undefined : { value, size });
const blockOf = (block: DevBlock | undefined) => (block?.header ? { header: block.header, transactions: block.transactions } : undefined);

/** A gateway over the chain of the local network without HTTP: what it answers is right. `calls` has the names of the methods in order. */
export function viewGateway(view: () => ChainView, changes: Partial<Gateway> = {}): Gateway & { readonly calls: string[] } {
  const calls: string[] = [];
  const passed = (block: DevBlock | undefined): PassedHeader | undefined => {
    if (block?.header) return { bytes: encodeHeader({ ...block.header, signerSignatures: [] }) };
    return block?.epoch2 && { bytes: encodeEpoch2Header(block.epoch2), consensusHash: block.tenure.consensusHash };
  };
  const gateway: Gateway = {
    url: 'http://127.0.0.1:1',
    info: async () => ({ networkId: 0x80000000, burnHeight: view().burnTip.burnHeight, tipHeight: view().tip.height, tipConsensusHash: view().tip.tenure.consensusHash, isSynced: true }),
    cycles: async () => view().chain.options.rules,
    tenureInfo: async () => {
      const { tip } = view();
      const start = startOf(tip);
      const parent = startOf(start.parent!);
      return { consensusHash: tip.tenure.consensusHash, tenureStartBlockId: start.id, parentConsensusHash: parent.tenure.consensusHash, parentTenureStartBlockId: parent.id, tipBlockId: tip.id, tipHeight: tip.height };
    },
    tenureTip: async (consensusHash) => {
      const block = view().tipOfTenure(consensusHash);
      if (block?.header) return { kind: 'nakamoto', header: block.header };
      return block?.epoch2 && { kind: 'epoch2', header: block.epoch2 };
    },
    tenureBlocks: async (consensusHash) => {
      const sortition = view().sortition(consensusHash);
      return sortition && { burnHeight: sortition.burnHeight, lastSortition: sortition.lastWinner, blocks: view().tenure(consensusHash).map(({ id, height }) => ({ id, height })) };
    },
    header: async (id) => sized(view().block(id)?.header),
    headerAt: async (height) => sized(view().at(height)?.header),
    block: async (id) => sized(blockOf(view().block(id))),
    tenure: async (from, stop) => {
      const down = downFrom(view().block(from));
      const end = down.findIndex(({ id }) => id === stop);
      return sized((end < 0 ? down : down.slice(0, end)).flatMap((block) => blockOf(block) ?? []));
    },
    sortition: async (which) => {
      const { burnTip } = view();
      return asSortition(which === 'latest' ? burnTip : 'burnHeight' in which ? view().sortitionAt(which.burnHeight) : view().sortition(which.consensusHash));
    },
    signerKeys: async (cycle) => view().chain.sets.of(cycle).map(({ key, weight }) => ({ key: key.key, weight })),
    state: async (path, tip, { proof }) => {
      const block = view().block(tip);
      const found = block && provePath(block.state, fromHex(path));
      return sized(found && { value: found.value, proof: proof ? found.proof : undefined }, 20_000);
    },
    epoch2Headers: async (count, tip) => {
      const down = [...backFrom(view().block(tip))].flatMap((block) => (block.epoch2 ? [{ consensusHash: block.tenure.consensusHash, header: encodeEpoch2Header(block.epoch2), parentBlockId: block.parentId }] : []));
      return down.slice(0, count);
    },
    epoch2Block: async ({ id }) => {
      const block = view().block(id);
      return sized(block?.epoch2 && { header: block.epoch2, transactions: block.transactions });
    },
    passedHeader: async (id) => passed(view().block(id)),
    blockOfTransaction: async (id) => {
      for (let at: DevBlock | undefined = view().tip; at; at = at.parent) if (at.transactionIds.includes(id)) return at.id;
      return undefined;
    },
    ...changes,
  };
  const logged = new Proxy(gateway, {
    get(target, name: keyof Gateway | 'calls') {
      if (name === 'calls') return calls;
      const value = target[name];
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        calls.push(name);
        return (value as (...given: unknown[]) => unknown)(...args);
      };
    },
  });
  return logged as Gateway & { readonly calls: string[] };
}

function asSortition(sortition: DevSortition | undefined): Sortition | undefined {
  if (!sortition) return undefined;
  const { burnHeight, consensusHash, winner, lastWinner } = sortition;
  return { burnHeight, consensusHash, hasWinner: winner !== undefined, minerKeyHash: winner?.keyHash, committedBlockId: winner?.committed, parentTenure: winner?.parentTenure, lastWinner };
}

