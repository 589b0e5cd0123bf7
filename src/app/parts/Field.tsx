import type { ReactNode } from 'react';
import { fieldTexts } from '../block-texts.ts';
import { ExplainedField } from './ExplainedField.tsx';

/** One field of a header with a line that explains it; `text` instead of the usual line. */
export function Field({ name, text: own, children }: { readonly name: keyof typeof fieldTexts; readonly text?: string; readonly children: ReactNode }) {
  const [title, usual] = fieldTexts[name];
  return <ExplainedField name={name} title={title} text={own ?? usual}>{children}</ExplainedField>;
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
