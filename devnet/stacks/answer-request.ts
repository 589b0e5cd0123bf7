// Tests: `devnet/stacks/gateway-server.test.ts`.
import { answerAccount, answerState } from './answer-state.ts';
import { answerBlock, answerEpoch2Block, answerForkInfo, answerHeaders, answerTenure, answerTenureBlocks, answerTenureInfo, answerTenureTip, answerTransaction, type BlockAnswers } from './answer-blocks.ts';
import { answerInfo, answerPox, answerSortitions, answerStackerSet } from './answer-bitcoin.ts';
import { plain, type GatewayAnswer } from './answer.ts';
import { namedForTransaction, sentBlock, sentEpoch2, sentEpoch2Block, sentForId, sentProof, sentTenure, sentValue, toldSet } from './apply-faults.ts';
import type { ChainView } from './chain-view.ts';
import type { GatewayFaults } from './stacks-faults.ts';

/** The answer of a gateway with this view of the chain and these faults. `maxTenureBytes`: of an answer with a tenure. */
export function answerRequest(path: string, seen: ChainView, { faults, maxTenureBytes }: { readonly faults: GatewayFaults; readonly maxTenureBytes: number }): GatewayAnswer {
  const asked = readPath(path);
  if (!asked) return plain(400, 'Invalid path');
  const { query, parts: [version, topic = '', ...parts] } = asked;
  const [first = '', second = '', third = ''] = parts;
  const { chain } = seen;
  const blocks: BlockAnswers = {
    view: seen, maxBytes: maxTenureBytes, sent: (block) => sentBlock(block, chain, faults), sentForId: (block) => sentForId(block, faults), named: (block) => namedForTransaction(block, faults), sentTenure: (list) => sentTenure(list, faults),
    sentEpoch2: (headers) => sentEpoch2(headers, faults), sentEpoch2Block: (block) => sentEpoch2Block(block, faults),
  };
  const state = { view: seen, sentProof: (proof: Uint8Array) => sentProof(proof, faults), sentValue: (text: string) => sentValue(text, faults) };
  switch (`${version}/${topic}`) {
    case 'v2/info':
      return answerInfo(seen);
    case 'v2/pox':
      return faults.has('no-pox') ? plain(500, 'Failed to load PoX info: DBError(Overflow)') : answerPox(seen);
    case 'v2/blocks':
      return answerEpoch2Block(blocks, first);
    case 'v2/headers':
      return answerHeaders(blocks, first, query.get('tip'));
    case 'v2/accounts':
      return answerAccount(state, first, query);
    case 'v2/clarity':
      return first === 'marf' ? answerState(state, second, query) : plain(404, 'No such path');
    case 'v3/sortitions':
      return answerSortitions(seen, parts);
    case 'v3/stacker_set':
      return answerStackerSet(seen, first, (set) => toldSet(set, chain, faults));
    case 'v3/blocks':
      return answerBlock(blocks, parts);
    case 'v3/transaction':
      return faults.has('no-index') ? plain(501, 'Transaction indexing is not enabled') : answerTransaction(blocks, first);
    case 'v3/tenures':
      if (first === 'info') return answerTenureInfo(seen);
      if (first === 'tip' || first === 'tip_metadata') return answerTenureTip(blocks, second, first === 'tip_metadata');
      if (first === 'blocks') return answerTenureBlocks(seen, parts.slice(1));
      if (first === 'fork_info') return answerForkInfo(seen, second, third);
      return answerTenure(blocks, first, query.get('stop'));
    default:
      return plain(404, 'No such path');
  }
}

/** The decoded parts of a path, and its query. Undefined: it is none. */
function readPath(path: string): { readonly parts: readonly string[]; readonly query: URLSearchParams } | undefined {
  try {
    const { pathname, searchParams } = new URL(`http://gateway${path}`);
    return { parts: pathname.slice(1).split('/').map((part) => decodeURIComponent(part)), query: searchParams };
  } catch {
    return undefined;
  }
}
