import { useState } from 'react';
import { blockTexts } from '../block-texts.ts';

interface Props {
  /** The text to copy. */
  readonly text: string;
  /** What the text is, for users who do not see the button's context. */
  readonly name: string;
}

/** Copies a whole text, and confirms it. */
export function CopyText({ text, name }: Props) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid(blockTexts.copied);
    } catch {
      setSaid(blockTexts.select);
    }
  };
  return (
    <>
      <button type="button" className="plain copy" aria-label={`${blockTexts.copy}: ${name}`} onClick={() => void copy()}>
        {blockTexts.copy}
      </button>
      <span role="status" className="quiet small said">{said}</span>
    </>
  );
}
