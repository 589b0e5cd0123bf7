import { type ComponentType, lazy, Suspense } from 'react';
import { textOf } from '../../page/code-texts.ts';
import type { BlockPageProps } from './BlockPage.tsx';

/** Not part of the page's start: most visits never open a block. */
const BlockPage = lazy<ComponentType<BlockPageProps>>(() =>
  import('./BlockPage.tsx').then(
    ({ BlockPage: page }) => ({ default: page }),
    () => ({ default: () => <p className="panel warn" role="alert">{textOf('files-gone')}</p> }),
  ),
);

/** The page of a block, loaded when it is opened. */
export function BlockOnDemand(props: BlockPageProps) {
  return (
    <Suspense fallback={<p className="panel" aria-busy="true" />}>
      <BlockPage {...props} />
    </Suspense>
  );
}
