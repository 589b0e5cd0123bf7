import { useState } from 'react';
import { uiTexts } from './ui-texts.ts';

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
      setSaid(uiTexts.copied);
    } catch {
      setSaid(uiTexts.select);
    }
  };
  return (
    <>
      <button type="button" className="plain copy" aria-label={`${uiTexts.copy}: ${name}`} onClick={() => void copy()}>
        {uiTexts.copy}
      </button>
      <span role="status" className="quiet small said">{said}</span>
    </>
  );
}
