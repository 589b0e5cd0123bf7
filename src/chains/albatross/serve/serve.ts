// Tests: `src/chains/albatross/serve/served-chain.test.ts`, `test/client/sharing.test.ts`.
import type { Policy } from '../chain/policy.ts';
import type { BlockKind } from '../chain/block-kind.ts';
import type { RequestBody, ResponseBody, ZkProof } from '../wire/requests.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import type { Hash } from '../../../base/hash.ts';

/** A block in the form used for serving. */
export interface ServedBlock {
  readonly height: number;
  readonly hash: Hash;
  readonly kind: BlockKind;
  readonly block: Block;
}

/** Read access to the chain that is served, with or without gaps. */
export interface ServedChain<B extends ServedBlock = ServedBlock> {
  readonly policy: Policy;
  readonly head: B;
  /** Newest macro block, election blocks included. */
  readonly macroHead: B;
  readonly electionHead: B;
  /** The block on the main chain, or undefined if it is not held. */
  at(height: number): B | undefined;
  byHash(hash: Hash): B | undefined;
  /** The hash of the election block at a height of the main chain. */
  electionHashAt(height: number): Hash | undefined;
  onMain(block: B): boolean;
}

/** A chain that shows only the genesis block. */
export function genesisChain(policy: Policy, genesis: ServedBlock): ServedChain {
  return {
    policy,
    head: genesis,
    macroHead: genesis,
    electionHead: genesis,
    at: (height) => (height === genesis.height ? genesis : undefined),
    byHash: (hash) => (hash === genesis.hash ? genesis : undefined),
    electionHashAt: (height) => (height === genesis.height ? genesis.hash : undefined),
    onMain: () => true,
  };
}

/** The request kinds that are answered from headers alone, by full and light nodes alike; Albatross network reference, 3.6. */
export type HeaderKind = 'macro-chain' | 'block' | 'missing-blocks' | 'head';
export const HEADER_KINDS: readonly HeaderKind[] = ['macro-chain', 'block', 'missing-blocks', 'head'];

/** Requests with more locators are refused. Albatross network reference, 3.5. */
const MAX_LOCATORS = 100;

/** Converts a block for sending; `includeBody`: the requester wants the body. Undefined: it cannot be sent that way. */
export type ForWire = (block: Block, includeBody: boolean) => Block | undefined;

/** We hold no bodies, so to a request with body we have no block, as the official light client does (`docs/protocol.md`). */
export const withoutBody: ForWire = (block, includeBody) => (includeBody ? undefined : { ...block, body: undefined });

/** Answers as a node does; where the chain has a gap, with the protocol's own errors. Albatross block reference, 6.1; network reference, 3.6. */
export function serveHeaders<K extends HeaderKind>(view: ServedChain, kind: K, body: RequestBody<K>, forWire: ForWire): ResponseBody<K> {
  const handlers: { readonly [Kind in HeaderKind]: (view: ServedChain, body: RequestBody<Kind>, forWire: ForWire) => ResponseBody<Kind> } = {
    head: serveHead,
    block: serveBlock,
    'macro-chain': serveMacroChain,
    'missing-blocks': serveMissingBlocks,
  };
  return handlers[kind](view, body, forWire);
}

/** A zero-knowledge proof, with the election block that it covers if that is held. */
export interface ServedProof {
  readonly message: ZkProof;
  readonly block: MacroBlock | undefined;
}

/** Albatross block reference, 6.3: a proof newer than the requester's height, with its block if requested. */
export function serveZkp({ message, block }: ServedProof, { blockNumber, requestElectionBlock }: RequestBody<'zkp'>): ResponseBody<'zkp'> {
  if (message.blockNumber <= blockNumber) return { type: 'outdated', blockNumber: message.blockNumber };
  return { type: 'proof', proof: message, block: requestElectionBlock && block ? { ...block, body: undefined } : undefined };
}

function serveHead(view: ServedChain): ResponseBody<'head'> {
  return { blockNumber: view.head.height, blockHash: view.head.hash, macroHash: view.macroHead.hash, electionHash: view.electionHead.hash };
}

function serveBlock(view: ServedChain, { hash, includeBody }: RequestBody<'block'>, forWire: ForWire): ResponseBody<'block'> {
  const found = view.byHash(hash);
  const block = found && forWire(found.block, includeBody);
  return block ? { ok: true, value: block } : { ok: false, error: 'TargetHashNotFound' };
}

function serveMacroChain(view: ServedChain, { locators, maxEpochs }: RequestBody<'macro-chain'>): ResponseBody<'macro-chain'> {
  if (locators.length > MAX_LOCATORS) return { ok: false, error: 'TooManyLocators' };
  // Skip micro blocks among the locators, as 2.x does.
  const start = firstOnMain(view, locators, (block) => block.block.type === 'macro');
  if (!start) return { ok: false, error: 'UnknownLocators' };
  const epochs: Hash[] = [];
  for (let height = view.policy.electionBlockAfter(start.height); height <= view.electionHead.height && epochs.length < maxEpochs; height += view.policy.blocksPerEpoch) {
    const election = view.electionHashAt(height);
    // An answer that leaves out an epoch would be false.
    if (election === undefined) return { ok: false, error: 'Other' };
    epochs.push(election);
  }
  const newest = view.macroHead;
  const reached = epochs.length === 0 || epochs.at(-1) === (newest.block.type === 'macro' ? newest.block.header.parentElectionHash : undefined);
  const wanted = newest.kind === 'checkpoint' && newest.hash !== start.hash && newest.height > start.height && reached;
  return { ok: true, value: { epochs, checkpoint: wanted ? { blockNumber: newest.height, hash: newest.hash } : undefined } };
}

function serveMissingBlocks(view: ServedChain, { targetHash, locators, includeBody, direction }: RequestBody<'missing-blocks'>, forWire: ForWire): ResponseBody<'missing-blocks'> {
  if (locators.length > MAX_LOCATORS) return { ok: false, error: 'TooManyLocators' };
  const target = view.byHash(targetHash);
  if (!target) return { ok: false, error: 'TargetHashNotFound' };
  const answer = (found: readonly ServedBlock[]): ResponseBody<'missing-blocks'> => {
    const blocks = found.flatMap(({ block }) => forWire(block, includeBody) ?? []);
    if (blocks.length < found.length) return { ok: false, error: direction === 'forward' ? 'FailedToGetBlocks' : 'TargetHashNotFound' };
    return { ok: true, value: { blocks } };
  };
  if (direction === 'backward') {
    const walked: ServedBlock[] = [];
    let at: ServedBlock | undefined = target;
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
  const blocks: ServedBlock[] = [];
  for (let height = start.height + 1; height <= last; height++) {
    const found = view.at(height);
    if (!found) return { ok: false, error: 'FailedToGetBlocks' };
    blocks.push(found);
  }
  return answer(blocks);
}

function firstOnMain(view: ServedChain, locators: readonly Hash[], fits: (block: ServedBlock) => boolean): ServedBlock | undefined {
  for (const hash of locators) {
    const found = view.byHash(hash);
    if (found && fits(found) && view.onMain(found)) return found;
  }
  return undefined;
}
