// Tests: `src/app/block-texts.test.ts`, `e2e/stacks.spec.ts`.
import { phaseSentences, phaseTexts, texts } from '../page/texts.ts';
import type { ChainWords, NodeWords } from './chains/chain-parts.ts';

/** Of the chains whose nodes are peers. */
const peers: NodeWords = {
  title: texts.peers,
  one: texts.peer,
  none: 'No peer is connected. Petrel keeps trying.',
  looking: phaseTexts.connecting,
  asking: phaseSentences.connecting,
  sent: 'A peer sent it.',
  notYet: 'This browser does not hold the block, and no peer is connected to ask. Petrel looks again as soon as one is.',
  noneAtHeight: 'No connected peer has this block any more. Nodes drop most of the older blocks.',
  noneWithHash: 'No connected peer knows a block with this hash.',
  noRaw: 'This browser keeps only the header of this block, and no peer is connected that has the rest.',
};

/** What the page calls the nodes that it asks. `words`: the chain's own; undefined while they are not loaded. */
export const nodeWordsOf = (words: ChainWords | undefined): NodeWords => words?.nodes ?? peers;
