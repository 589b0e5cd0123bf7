// Tests: `e2e/block.spec.ts`.
import { useEffect, useRef } from 'react';
import type { BlockView, Client, Head, Status } from '../../client/types.ts';
import { blockTexts, blockVerdict } from '../block-texts.ts';
import type { ChainParts } from '../chains/chain-parts.ts';
import { nodeWordsOf } from '../node-words.ts';
import { formatNumber } from '../../page/format.ts';
import { type BlockKey, blockHref, overviewHref } from '../route.ts';
import { useBlock } from '../use-block.ts';
import { BlockFields } from './BlockFields.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { hexOf } from './Field.tsx';

export interface BlockPageProps {
  readonly client: Client;
  readonly blockKey: BlockKey;
  readonly status: Status | undefined;
  readonly head: Head | undefined;
  /** The chain's own; undefined while they are not loaded. */
  readonly parts: ChainParts | undefined;
}

/** The page of one block: what it is, how it was verified, its header, its bytes, and links to its neighbours. */
export function BlockPage({ client, blockKey, status, head, parts }: BlockPageProps) {
  const { search, again } = useBlock(client, blockKey);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    scrollTo(0, 0);
    title.current?.focus({ preventScroll: true });
  }, []);
  const shown = search.state === 'found' ? search.block.height : blockKey;
  return (
    <article className="panel block-page" data-testid="block" data-state={search.state} data-hash={search.state === 'found' ? search.block.hash : undefined}>
      <header>
        <a href={overviewHref} className="back">← {blockTexts.back}</a>
        <h2 ref={title} tabIndex={-1}>{blockTexts.title(shown)}</h2>
      </header>
      {search.state === 'found' ? (
        <BlockFacts client={client} block={search.block} head={head} network={status?.network} parts={parts} />
      ) : (
        <>
          <p role="status">{missing(search.state, blockKey, status, head, parts)}</p>
          {search.state === 'none' && parts?.NoBlock && typeof blockKey === 'number' && status && head && status.peers.connected > 0 && <parts.NoBlock height={blockKey} network={status.network} head={head} />}
          {search.state !== 'looking' && (
            <p className="actions">
              <button type="button" onClick={again}>{blockTexts.again}</button>
            </p>
          )}
        </>
      )}
    </article>
  );
}

/** Why there is no block to show. */
function missing(state: 'looking' | 'none' | 'failed', key: BlockKey, status: Status | undefined, head: Head | undefined, parts: ChainParts | undefined): string {
  if (typeof key === 'number' && status && key < status.network.genesisHeight) return blockTexts.belowGenesis(status.network.genesisHeight);
  if (state === 'looking') return blockTexts.looking;
  if (state === 'failed') return blockTexts.failed;
  if (typeof key === 'number' && head && key > head.latest.height) return blockTexts.tooHigh(head.latest.height);
  const nodes = nodeWordsOf(parts?.words);
  if ((status?.peers.connected ?? 0) === 0) return nodes.notYet;
  return typeof key === 'number' ? nodes.noneAtHeight : `${nodes.noneWithHash} ${parts?.words.otherHash ?? ''}`.trim();
}

function BlockFacts({ client, block, head, network, parts }: Pick<BlockPageProps, 'client' | 'head' | 'parts'> & { readonly block: BlockView; readonly network: Status['network'] | undefined }) {
  const { hash, bytes, place } = block;
  const verdict = blockVerdict(block, network?.genesisHeight, parts?.words);
  return (
    <>
      <div className="about">
        <div className="verdict" data-tone={verdict.tone} data-testid="block-verdict" data-place={place}>
          <p><strong>{verdict.title}</strong></p>
          <p>{verdict.text}</p>
        </div>
        <p className="whole-hash">
          <span className="label">{blockTexts.hash}</span>
          <code data-testid="block-hash">{hash}</code>
          <CopyText text={hash} name={blockTexts.hash} />
        </p>
        {parts?.BlockKind && <parts.BlockKind block={block} />}
        {network && <Neighbours block={block} head={head} network={network} parts={parts} />}
        {parts?.BlockContent && <parts.BlockContent key={hash} client={client} block={block} />}
      </div>
      <section aria-label={blockTexts.fields}>
        <BlockFields block={block} parts={parts} />
        {bytes.length === 0 ? <p className="quiet small">{nodeWordsOf(parts?.words).noRaw}</p> : <RawBytes bytes={bytes} />}
      </section>
    </>
  );
}

/** For blocks of the chain, links by height. Any other block only has a parent, which is linked by hash. */
function Neighbours({ block, head, network, parts }: Pick<BlockPageProps, 'head' | 'parts'> & { readonly block: BlockView; readonly network: Status['network'] }) {
  const { height, place, parentHash } = block;
  const { genesisHeight } = network;
  const onChain = place === 'chain';
  const links: (readonly [BlockKey, string])[] = [];
  if (height > genesisHeight) links.push([onChain ? height - 1 : parentHash, `← ${blockTexts.parent} ${formatNumber(height - 1)}`]);
  if (onChain && head && height < head.latest.height) links.push([height + 1, `${blockTexts.next} ${formatNumber(height + 1)} →`]);
  links.push(...(parts?.blockLinks?.(block, network) ?? []));
  return (
    <nav className="actions" aria-label={blockTexts.neighbours}>
      {links.map(([key, text]) => (
        <a key={text} className="button" href={blockHref(key)}>
          {text}
        </a>
      ))}
    </nav>
  );
}

function RawBytes({ bytes }: { readonly bytes: Uint8Array }) {
  const hex = hexOf(bytes);
  return (
    <details className="raw">
      <summary>{blockTexts.raw}</summary>
      <p className="quiet small">{blockTexts.rawHint(bytes.length)}</p>
      <CopyText text={hex} name={blockTexts.raw} />
      <pre tabIndex={0} aria-label={blockTexts.raw}>
        <code>{hex}</code>
      </pre>
    </details>
  );
}
