import { useState } from 'react';
import { Title } from '../parts/Title.tsx';
import type { WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';
import { CreateAccount } from './CreateAccount.tsx';
import { ImportKey } from './ImportKey.tsx';
import { ImportWords } from './ImportWords.tsx';

const ways = ['create', 'words', 'file'] as const;
type Way = (typeof ways)[number];

const drawings: Readonly<Record<Way, string>> = {
  create: 'M12 4v16M4 12h16',
  words: 'M4 6h16M4 12h16M4 18h10',
  file: 'M14.5 9.5a4 4 0 1 0-3.9 3.1l2.4 2.4v2.5h2.5V20H19v-3.5l-4.8-4.9a4 4 0 0 0 .3-2.1z',
};

/** Three ways to an account. `first`: this browser has none yet. `onMaking`: whether one of the ways is being taken. */
export function Welcome({ page, first, onMaking, onDone }: { readonly page: WalletPage; readonly first: boolean; readonly onMaking?: (making: boolean) => void; readonly onDone: () => void }) {
  const [way, setWay] = useState<Way>();
  const choose = (next: Way | undefined) => {
    setWay(next);
    onMaking?.(next !== undefined);
  };
  const back = () => choose(undefined);
  const done = () => {
    onMaking?.(false);
    onDone();
  };
  if (way === 'create') return <CreateAccount page={page} onBack={back} onDone={done} />;
  if (way === 'words') return <ImportWords page={page} onBack={back} onDone={done} />;
  if (way === 'file') return <ImportKey page={page} onBack={back} onDone={done} />;
  return (
    <section className="welcome">
      {first ? (
        <>
          <h2 className="title">{walletTexts.welcome}</h2>
          <p className="quiet lead">{walletTexts.welcomeText}</p>
        </>
      ) : (
        <Title>{walletTexts.addAccount}</Title>
      )}
      {page.vault.kind === 'memory' && <p className="panel warn" role="status">{walletTexts.memory}</p>}
      <ul className="choices">
        {ways.map((each) => (
          <li key={each}>
            <button type="button" className="choice-card" onClick={() => choose(each)} data-first={each === 'create'}>
              <svg viewBox="0 0 24 24" aria-hidden="true"><path d={drawings[each]} /></svg>
              <span>
                <strong>{walletTexts.choices[each][0]}</strong>
                <span className="small">{walletTexts.choices[each][1]}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
