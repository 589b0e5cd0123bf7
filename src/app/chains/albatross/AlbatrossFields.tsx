import type { AlbatrossBlock } from '../../../client/types.ts';
import { blockTexts } from '../../block-texts.ts';
import { bodyTexts } from './albatross-block-texts.ts';
import { formatNumber } from '../../../page/format.ts';
import { Field, hexOf } from '../../parts/Field.tsx';
import { blockHref } from '../../route.ts';

/** The fields of a header that only Albatross has. */
export function AlbatrossFields({ block }: { readonly block: AlbatrossBlock }) {
  const { type, epoch, batch, version, parentElectionHash, stateRoot, bodyRoot, historyRoot, extraData } = block;
  return (
    <>
      <Field name="epoch">{formatNumber(epoch)}</Field>
      <Field name="batch">{formatNumber(batch)}</Field>
      {parentElectionHash !== undefined && (
        <Field name="parentElectionHash">
          <a href={blockHref(parentElectionHash)}>
            <code>{parentElectionHash}</code>
          </a>
        </Field>
      )}
      <Field name="stateRoot">
        <code>{stateRoot}</code>
      </Field>
      <Field name="bodyRoot" text={bodyTexts[type]}>
        <code>{bodyRoot}</code>
      </Field>
      <Field name="historyRoot">
        <code>{historyRoot}</code>
      </Field>
      <Field name="extraData">{extraData.length === 0 ? <span className="quiet">{blockTexts.empty}</span> : <code>{hexOf(extraData)}</code>}</Field>
      <Field name="version">{formatNumber(version)}</Field>
    </>
  );
}
