import { useState } from 'react';
import { Title } from '../parts/Title.tsx';
import { walletTexts } from '../wallet-texts.ts';
import { CheckWords } from './CheckWords.tsx';

interface Props {
  readonly words: readonly string[];
  readonly onLater: () => void;
  readonly onChecked: () => Promise<void>;
}

/** The words, to be written down, and the check that they were. They are in no attribute and no URL, and not kept by the page. */
export function WriteWords({ words, onLater, onChecked }: Props) {
  const [written, setWritten] = useState(false);
  if (written) return <CheckWords words={words} onAgain={() => setWritten(false)} onChecked={onChecked} />;
  return (
    <section className="panel narrow">
      <Title>{walletTexts.wordsTitle}</Title>
      <p className="quiet">{walletTexts.wordsText}</p>
      <ol className="words" data-testid="words" translate="no">
        {words.map((word, place) => (
          <li key={`${place}${word}`}>
            <span className="quiet small" aria-hidden="true">{place + 1}</span> <span className="word">{word}</span>
          </li>
        ))}
      </ol>
      <p className="actions">
        <button type="button" className="plain" onClick={onLater}>{walletTexts.later}</button>
        <button type="button" onClick={() => setWritten(true)}>{walletTexts.wordsWritten}</button>
      </p>
    </section>
  );
}
