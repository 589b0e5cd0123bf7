// Tests: `e2e/stacks.spec.ts`.
import type { AnswerBlock, StacksProofPath } from '../../../client/types.ts';
import { formatNumber, shortHash } from '../../../page/format.ts';
import { blockHref } from '../../route.ts';
import { readerTexts as texts } from './reader-texts.ts';

interface Props {
  readonly proof: StacksProofPath;
  /** The block that the answer stands on. */
  readonly block: AnswerBlock;
}

/** The blocks that a proof passes, as a row: from the one that wrote the value to the one that the answer stands on. */
export function ProofPath({ proof: { path, bytes }, block }: Props) {
  const passed = path.filter(({ block: id }) => id !== block.hash);
  const stops = [...passed.map(({ block: id, tries }) => ({ id, tries, name: shortHash(id) })), { id: block.hash, tries: 0, name: formatNumber(block.height) }];
  return (
    <section className="proof-path" aria-label={texts.path} data-testid="proof-path" data-blocks={stops.length}>
      <h3 className="label">{texts.path} <span className="quiet small">{texts.pathOf(bytes)}</span></h3>
      <ol>
        {stops.map(({ id, tries, name }, at) => (
          <li key={id}>
            <span className="small quiet">{at === stops.length - 1 ? texts.standsOnBlock : at === 0 ? texts.writtenIn : ''}</span>
            <a href={blockHref(id)} title={id}><code>{name}</code></a>
            <span className="small quiet">{tries > 0 ? texts.through(tries) : ''}</span>
          </li>
        ))}
      </ol>
      {passed.length === 0 && <p className="small quiet">{texts.same}</p>}
    </section>
  );
}
