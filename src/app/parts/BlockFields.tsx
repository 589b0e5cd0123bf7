import type { ReactNode } from 'react';
import type { BlockView } from '../../client/types.ts';
import { blockTexts, bodyTexts, fieldTexts } from '../block-texts.ts';
import { formatDateTime, formatNumber } from '../format.ts';
import { blockHref } from '../route.ts';

/** Every field of the header with a line that explains it. */
export function BlockFields({ block }: { readonly block: BlockView }) {
  const { type, timestamp, epoch, batch, version, parentHash, parentElectionHash, stateRoot, bodyRoot, historyRoot, extraData } = block;
  return (
    <dl className="fields">
      <Field name="time">
        <time dateTime={new Date(timestamp).toISOString()}>{formatDateTime(timestamp)}</time>
      </Field>
      <Field name="epoch">{formatNumber(epoch)}</Field>
      <Field name="batch">{formatNumber(batch)}</Field>
      <Field name="parentHash">
        <a href={blockHref(parentHash)}>
          <code>{parentHash}</code>
        </a>
      </Field>
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
    </dl>
  );
}

/** `text` instead of the usual line. */
function Field({ name, text: own, children }: { readonly name: keyof typeof fieldTexts; readonly text?: string; readonly children: ReactNode }) {
  const [title, usual] = fieldTexts[name];
  const text = own ?? usual;
  return (
    <div data-field={name}>
      <dt>{title}</dt>
      <dd>
        {children}
        <p className="quiet small">{text}</p>
      </dd>
    </div>
  );
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
