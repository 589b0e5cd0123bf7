import type { BlockView } from '../../client/types.ts';
import type { ChainParts } from '../chains/chain-parts.ts';
import { formatDateTime } from '../../page/format.ts';
import { blockHref } from '../route.ts';
import { Field } from './Field.tsx';

/** Every field of the header with a line that explains it. */
export function BlockFields({ block, parts }: { readonly block: BlockView; readonly parts: ChainParts | undefined }) {
  const { timestamp, parentHash } = block;
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
      {parts?.BlockFields && <parts.BlockFields block={block} />}
    </dl>
  );
}
