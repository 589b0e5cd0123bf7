import type { ReactNode } from 'react';
import { formatNumber } from '../../page/format.ts';
import { blockHref } from '../route.ts';
import type { Branch, DrawnBlock, RecentBlocks } from '../recent-blocks.ts';
import { texts } from '../../page/texts.ts';

/** Pixels between blocks (`step`), between lanes (`laneHeight`), and from the top to the main chain's line (`line`). */
const step = 26;
const laneHeight = 24;
const line = 34;
const columns = 48;
const width = columns * step;

/** A chain's own drawing below each block of the main chain: `draw` gets the middle and the upper end, in pixels. */
export interface UnderBlock {
  /** Pixels. */
  readonly height: number;
  readonly draw: (block: DrawnBlock, x: number, y: number) => ReactNode;
}

/** The newest blocks in a row, the newest at the right. Reverted blocks are drawn below it, connected to their parents. */
export function BlockDrawing({ recent: { main, branches }, finalHeight, under }: { readonly recent: RecentBlocks; readonly finalHeight: number; readonly under?: UnderBlock | undefined }) {
  const [first, last] = [main[0], main.at(-1)];
  if (!first || !last) return null;
  const x = (height: number): number => width - step / 2 - (last.height - height) * step;
  // Where something is drawn below the blocks, no room is kept for a branch.
  const lanes = Math.max(under ? 0 : 1, ...branches.map(({ lane }) => lane));
  const bottom = line + lanes * laneHeight + 14;
  const height = bottom + (under?.height ?? 0);
  const reverted = branches.reduce((sum, { blocks }) => sum + blocks.length, 0);
  return (
    <div className="drawing">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={texts.recentSummary(first.height, last.height, reverted)}>
        <path className="link" d={`M${x(first.height)} ${line}H${x(last.height)}`} />
        {branches.map((branch) => (
          <BranchPath key={branch.blocks[0]?.hash} branch={branch} x={x} />
        ))}
        {main.map((block) => (
          <g key={block.height} className="block" data-state={block.height <= finalHeight ? 'final' : 'pending'}>
            <Mark block={block} x={x(block.height)} y={line} reach={branches.length > 0 ? laneHeight / 2 : 22} />
            {(block === last || (block.type !== 'micro' && block.type !== 'skip' && last.height - block.height > 3)) && (
              <text x={Math.min(x(block.height), width - 2)} y="14" textAnchor={block === last ? 'end' : 'middle'} dx={block === last ? 10 : 0}>
                {formatNumber(block.height)}
              </text>
            )}
            {under?.draw(block, x(block.height), bottom)}
          </g>
        ))}
      </svg>
    </div>
  );
}

function BranchPath({ branch: { blocks, lane }, x }: { readonly branch: Branch; readonly x: (height: number) => number }) {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (!first || !last) return null;
  const y = line + lane * laneHeight;
  const [from, to] = [x(first.height - 1), x(first.height)];
  return (
    <g className="branch" data-testid="branch">
      <path className="link" d={`M${from} ${line}C${from + step / 2} ${line} ${from + step / 2} ${y} ${to} ${y}H${x(last.height)}`} />
      {blocks.map((block) => (
        <g key={block.height} className="block" data-state="reverted">
          <Mark block={block} x={x(block.height)} y={y} reach={laneHeight / 2} />
        </g>
      ))}
    </g>
  );
}

/**
 * A macro block is a square, an election block a larger square, a skip block a small ring, any other block a dot. Each links to its block's
 * page.
 */
function Mark({ block: { height, hash, type }, x, y, reach }: { readonly block: DrawnBlock; readonly x: number; readonly y: number; readonly reach: number }) {
  const half = type === 'election' ? 9 : 7;
  return (
    // Not in the tab order: there are too many to step through with the keyboard, and the look-up field is quicker.
    <a href={blockHref(hash ?? height)} tabIndex={-1} aria-label={formatNumber(height)}>
      <title>{`${formatNumber(height)}${hash ? ` ${hash}` : ''}`}</title>
      <rect className="reach" x={x - step / 2} y={y - reach} width={step} height={reach * 2} />
      {type === 'micro' && <circle cx={x} cy={y} r="6" />}
      {type === 'skip' && <circle className="skip" cx={x} cy={y} r="5" />}
      {(type === 'checkpoint' || type === 'election') && <rect x={x - half} y={y - half} width={half * 2} height={half * 2} rx="3" />}
    </a>
  );
}
