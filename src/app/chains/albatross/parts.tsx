import { blockTexts } from '../../block-texts.ts';
import { albatrossBlock, albatrossHead, albatrossNetwork, epochLength } from '../../../page/albatross.ts';
import { formatNumber } from '../../../page/format.ts';
import { blockHref } from '../../route.ts';
import type { ChainParts } from '../chain-parts.ts';
import { RecentRow } from '../RecentRow.tsx';
import { blockTypeTexts } from './albatross-block-texts.ts';
import { AlbatrossFields } from './AlbatrossFields.tsx';
import { albatrossWords } from './albatross-words.ts';
import { EpochAndBatch } from './EpochAndBatch.tsx';

const keys = ['final', 'pending', 'macro', 'skip', 'reverted'] as const;

/** What the page shows of Albatross only: the epoch as a ring, and the running batch with one cell per block. */
export const albatrossParts: ChainParts = {
  words: albatrossWords,
  Overview: ({ network, head }) => {
    const albatross = albatrossNetwork(network);
    return albatross && <EpochAndBatch network={albatross} genesisHeight={network.genesisHeight} head={head} />;
  },
  Recent: ({ head, recent }) => <RecentRow recent={recent} finalHeight={head.final.height} keys={keys} />,
  BlockKind: ({ block }) => {
    const type = albatrossHead(block)?.type;
    return type && <p><strong>{blockTypeTexts[type].name}.</strong> {blockTypeTexts[type].text}</p>;
  },
  BlockFields: ({ block }) => {
    const albatross = albatrossBlock(block);
    return albatross && <AlbatrossFields block={albatross} />;
  },
  blockLinks: (block, network) => {
    const [albatross, details] = [albatrossNetwork(network), albatrossHead(block)];
    if (!albatross || !details || block.height <= network.genesisHeight) return [];
    const election = network.genesisHeight + (details.epoch - 1) * epochLength(albatross);
    return [[election, `${blockTexts.election}: ${formatNumber(election)}`]];
  },
  /** If nodes have dropped a block, the election block that closed its epoch still exists; link to it. */
  NoBlock: ({ height, network, head }) => {
    const albatross = albatrossNetwork(network);
    const { genesisHeight } = network;
    if (!albatross || height < genesisHeight) return null;
    const perEpoch = epochLength(albatross);
    const election = genesisHeight + Math.ceil((height - genesisHeight) / perEpoch) * perEpoch;
    if (election === height || election > head.final.height) return null;
    return (
      <p>
        {blockTexts.epochClosedBy} <a href={blockHref(election)}>{formatNumber(election)}</a>
      </p>
    );
  },
};
