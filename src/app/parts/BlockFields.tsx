import type { BlockView } from '../../client/types.ts';
import { albatrossBlock } from '../../page/albatross.ts';
import { AlbatrossFields } from '../chains/albatross/AlbatrossFields.tsx';
import { formatDateTime } from '../../page/format.ts';
import { blockHref } from '../route.ts';
import { Field } from './Field.tsx';

/** Every field of the header with a line that explains it. */
export function BlockFields({ block }: { readonly block: BlockView }) {
  const { timestamp, parentHash } = block;
  const albatross = albatrossBlock(block);
  return (
    <dl className="fields">
      <Field name="time">
        <time dateTime={new Date(timestamp).toISOString()}>{formatDateTime(timestamp)}</time>
      </Field>
      <Field name="parentHash">
        <a href={blockHref(parentHash)}>
          <code>{parentHash}</code>
        </a>
      </Field>
      {albatross && <AlbatrossFields block={albatross} />}
    </dl>
  );
}
