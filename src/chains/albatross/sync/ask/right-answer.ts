import { blockHash } from '../../chain/hashes.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../../wire/requests.ts';

/**
 * Whether a late answer is of the kind that was asked for, as far as the answer itself shows. It is used for nothing but the peer's rank:
 * blocks are hashed, signatures are not checked.
 */
export function isRightAnswer<K extends RequestKind>(kind: K, body: RequestBody<K>, answer: ResponseBody<K>): boolean {
  try {
    switch (kind) {
      case 'block':
        return rightBlock(body as RequestBody<'block'>, answer as ResponseBody<'block'>);
      case 'missing-blocks':
        return rightBlocks(body as RequestBody<'missing-blocks'>, answer as ResponseBody<'missing-blocks'>);
      case 'macro-chain':
        return rightChain(answer as ResponseBody<'macro-chain'>);
      case 'zkp':
        return (answer as ResponseBody<'zkp'>).type === 'proof';
      default:
        return false;
    }
  } catch {
    // A block that cannot be hashed.
    return false;
  }
}

function rightBlock({ hash }: RequestBody<'block'>, answer: ResponseBody<'block'>): boolean {
  return answer.ok && blockHash(answer.value) === hash;
}

/** A chain of blocks, after one of our locators or up to the target. */
function rightBlocks({ targetHash, locators }: RequestBody<'missing-blocks'>, answer: ResponseBody<'missing-blocks'>): boolean {
  if (!answer.ok) return false;
  const [first, ...rest] = answer.value.blocks;
  if (!first) return false;
  let before = blockHash(first);
  const linked = rest.every((block) => {
    const follows = block.header.parentHash === before;
    before = follows ? blockHash(block) : before;
    return follows;
  });
  return linked && (before === targetHash || locators.includes(first.header.parentHash));
}

function rightChain(answer: ResponseBody<'macro-chain'>): boolean {
  return answer.ok && (answer.value.epochs.length > 0 || answer.value.checkpoint !== undefined);
}
