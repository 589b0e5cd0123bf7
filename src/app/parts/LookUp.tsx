import { type FormEvent, useState } from 'react';
import { blockTexts } from '../block-texts.ts';
import { readLookUp } from '../look-up.ts';
import { accountHref, blockHref } from '../route.ts';

/**
 * A field that takes a height, a block hash or an address, and opens the block or the account. `wrong`: an invalid block name from the URL.
 * `accounts`: whether the chain has accounts with a page of their own. `elsewhere`: where else the page looks things up.
 */
export function LookUp({ wrong, accounts = true, elsewhere }: { readonly wrong?: string | undefined; readonly accounts?: boolean; readonly elsewhere?: string | undefined }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const find = (event: FormEvent) => {
    event.preventDefault();
    const entered = readLookUp(text);
    if (entered.kind === 'address' && !accounts) return setProblem(blockTexts.noAccounts);
    if (entered.kind === 'address') return void findAccount();
    if (entered.kind !== 'block') return setProblem(accounts ? blockTexts.problems[entered.kind] : [blockTexts.blockProblems[entered.kind], elsewhere].join(' ').trim());
    open(blockHref(entered.key));
  };
  const findAccount = async () => {
    // If its file cannot be loaded, the page of the account says so.
    const found = await import('../chains/albatross/accounts/look-up-account.ts').then(({ lookUpAccount }) => lookUpAccount(text), () => ({ href: accountHref(text) }));
    if ('href' in found) open(found.href);
    else setProblem(found.problem);
  };
  const open = (href: string) => {
    setProblem('');
    setText('');
    location.hash = href;
  };
  return (
    <form className="look-up" role="search" onSubmit={find}>
      <input
        type="search"
        aria-label={accounts ? blockTexts.lookUp : blockTexts.lookUpBlock}
        aria-describedby="look-up-problem"
        aria-invalid={problem !== ''}
        placeholder={accounts ? blockTexts.placeholder : blockTexts.placeholderBlock}
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
