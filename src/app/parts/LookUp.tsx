import { type FormEvent, useState } from 'react';
import { blockTexts } from '../block-texts.ts';
import { readLookUp } from '../look-up.ts';
import { blockHref } from '../route.ts';

/** A field that takes a height or a block hash, and opens the block. `wrong`: an invalid block name from the URL. */
export function LookUp({ wrong }: { readonly wrong?: string | undefined }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const find = (event: FormEvent) => {
    event.preventDefault();
    const entered = readLookUp(text);
    if (entered.kind !== 'block') return setProblem(blockTexts.problems[entered.kind]);
    setProblem('');
    setText('');
    location.hash = blockHref(entered.key);
  };
  return (
    <form className="look-up" role="search" onSubmit={find}>
      <input
        type="search"
        aria-label={blockTexts.lookUp}
        aria-describedby="look-up-problem"
        aria-invalid={problem !== ''}
        placeholder={blockTexts.placeholder}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="search"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setProblem('');
        }}
      />
      <button type="submit">{blockTexts.find}</button>
      <p id="look-up-problem" className="warn small" role="status">{problem === '' && text === '' && wrong !== undefined ? blockTexts.wrongAddress(wrong) : problem}</p>
    </form>
  );
}
