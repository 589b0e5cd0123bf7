import type { RequestBody, ResponseBody } from '../src/albatross/wire/requests.ts';
import type { Block, Hash } from '../src/albatross/wire/types.ts';
import type { ChainView, DevBlock } from './chain.ts';
import type { ProvenBlock } from './prover.ts';

/** More locators than this are refused. Albatross network reference, 3.5. */
const MAX_LOCATORS = 100;

/** The kinds a full node answers for a header client; everything else is `no-receiver`. */
export type ServedKind = 'macro-chain' | 'block' | 'missing-blocks' | 'head' | 'subscribe';
export const SERVED_KINDS: readonly ServedKind[] = ['macro-chain', 'block', 'missing-blocks', 'head', 'subscribe'];

/** Nodes of 1.x also answer for zero-knowledge proofs, which are not of the chain but of what a prover made of it. */
export type AskedKind = ServedKind | 'zkp';

/** Albatross block reference, 6.3: a proof that is newer than what the asker has, with its block if it wants that. */
export function serveZkp({ message, block }: ProvenBlock, { blockNumber, requestElectionBlock }: RequestBody<'zkp'>): ResponseBody<'zkp'> {
  if (message.blockNumber <= blockNumber) return { type: 'outdated', blockNumber: message.blockNumber };
  return { type: 'proof', proof: message, block: requestElectionBlock && block ? { ...block, body: undefined } : undefined };
}

/** A block as it is sent: bodies are kept nowhere, because all of them are empty. */
export function forWire(block: Block, includeBody: boolean): Block {
  if (block.type === 'macro') return { ...block, body: includeBody ? { transactions: [] } : undefined };
  return { ...block, body: includeBody ? { equivocationProofs: [], transactions: [] } : undefined };
}

/** Answers as a full node does. Albatross block reference, 6.1; network reference, 3.6. */
export function serve<K extends ServedKind>(view: ChainView, kind: K, body: RequestBody<K>): ResponseBody<K> {
  const handlers: { readonly [Kind in ServedKind]: (view: ChainView, body: RequestBody<Kind>) => ResponseBody<Kind> } = {
    head: serveHead,
    block: serveBlock,
    'macro-chain': serveMacroChain,
    'missing-blocks': serveMissingBlocks,
    subscribe: () => ({ ok: true, value: undefined }),
  };
  return handlers[kind](view, body);
}

function serveHead(view: ChainView): ResponseBody<'head'> {
  return { blockNumber: view.head.height, blockHash: view.head.hash, macroHash: view.macroHead.hash, electionHash: view.electionHead.hash };
}

function serveBlock(view: ChainView, { hash, includeBody }: RequestBody<'block'>): ResponseBody<'block'> {
  const found = view.byHash(hash);
  return found ? { ok: true, value: forWire(found.block, includeBody) } : { ok: false, error: 'TargetHashNotFound' };
}

function serveMacroChain(view: ChainView, { locators, maxEpochs }: RequestBody<'macro-chain'>): ResponseBody<'macro-chain'> {
  if (locators.length > MAX_LOCATORS) return { ok: false, error: 'TooManyLocators' };
  // Micro blocks among the locators are skipped, as 2.x does.
  const start = firstOnMain(view, locators, (block) => block.block.type === 'macro');
  if (!start) return { ok: false, error: 'UnknownLocators' };
  const epochs: Hash[] = [];
  for (let height = view.policy.electionBlockAfter(start.height); height <= view.electionHead.height && epochs.length < maxEpochs; height += view.policy.blocksPerEpoch) {
    const election = view.at(height);
    if (election) epochs.push(election.hash);
  }
  const newest = view.macroHead;
  const reached = epochs.length === 0 || epochs.at(-1) === (newest.block.type === 'macro' ? newest.block.header.parentElectionHash : undefined);
  const wanted = newest.kind === 'checkpoint' && newest.hash !== start.hash && newest.height > start.height && reached;
  return { ok: true, value: { epochs, checkpoint: wanted ? { blockNumber: newest.height, hash: newest.hash } : undefined } };
}

function serveMissingBlocks(view: ChainView, { targetHash, locators, includeBody, direction }: RequestBody<'missing-blocks'>): ResponseBody<'missing-blocks'> {
  if (locators.length > MAX_LOCATORS) return { ok: false, error: 'TooManyLocators' };
  const target = view.byHash(targetHash);
  if (!target) return { ok: false, error: 'TargetHashNotFound' };
  const answer = (blocks: readonly DevBlock[]): ResponseBody<'missing-blocks'> => ({ ok: true, value: { blocks: blocks.map(({ block }) => forWire(block, includeBody)) } });
  if (direction === 'backward') {
    const walked: DevBlock[] = [];
    let at: DevBlock | undefined = target;
    while (at && !locators.includes(at.hash)) {
      walked.unshift(at);
      if (at.block.type === 'macro') return answer(walked);
      at = view.byHash(at.block.header.parentHash);
    }
    return at ? answer(walked) : { ok: false, error: 'TargetHashNotFound' };
  }
  if (!view.onMain(target)) return { ok: false, error: 'TargetBlockNotOnMainChain' };
  const start = firstOnMain(view, locators, () => true);
  if (!start) return { ok: false, error: 'UnknownLocators' };
  const last = Math.min(target.height, view.policy.macroBlockAfter(start.height));
  const blocks: DevBlock[] = [];
  for (let height = start.height + 1; height <= last; height++) {
    const found = view.at(height);
    if (!found) return { ok: false, error: 'FailedToGetBlocks' };
    blocks.push(found);
  }
  return answer(blocks);
}

function firstOnMain(view: ChainView, locators: readonly Hash[], fits: (block: DevBlock) => boolean): DevBlock | undefined {
  for (const hash of locators) {
    const found = view.byHash(hash);
    if (found && fits(found) && view.onMain(found)) return found;
  }
  return undefined;
}
