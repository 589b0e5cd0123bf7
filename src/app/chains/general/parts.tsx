import '../chain-facts.css';
import type { ChainParts } from '../chain-parts.ts';
import { RecentRow } from '../RecentRow.tsx';
import { generalWords } from './general-words.ts';

const keys = ['final', 'pending', 'reverted'] as const;

/** For a chain that this page knows nothing of: what every chain has. */
export const generalParts: ChainParts = {
  words: generalWords,
  Recent: ({ head, recent }) => <RecentRow alone recent={recent} finalHeight={head.final.height} keys={keys} />,
};
