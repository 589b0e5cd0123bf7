import type { ReactNode } from 'react';
import { texts } from '../../page/texts.ts';
import { pageTexts } from '../page-texts.ts';
import { BlockDrawing, type UnderBlock } from '../parts/BlockDrawing.tsx';
import type { RecentBlocks } from '../recent-blocks.ts';

interface Props {
  readonly recent: RecentBlocks;
  readonly finalHeight: number;
  /** The marks to explain, in this order. */
  readonly keys: readonly (keyof typeof pageTexts.legend)[];
  /** A chain's own words for some of them. */
  readonly legend?: Partial<Readonly<Record<keyof typeof pageTexts.legend, string>>>;
  readonly under?: UnderBlock | undefined;
  /** Nothing of the chain's own stands beside it. */
  readonly alone?: boolean;
  readonly children?: ReactNode;
}

/** The newest blocks in a row, and what their marks mean. */
export function RecentRow({ recent, finalHeight, keys, legend, under, alone = false, children }: Props) {
  return (
    <div className={alone ? 'recent alone' : 'recent'}>
      <h2 className="label">{texts.recent}</h2>
      <BlockDrawing recent={recent} finalHeight={finalHeight} under={under} />
      <ul className="legend small">
        {keys.map((key) => (
          <li key={key} data-key={key}>
            {legend?.[key] ?? pageTexts.legend[key]}
          </li>
        ))}
      </ul>
      {children}
    </div>
  );
}
