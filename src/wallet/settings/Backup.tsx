import { useState } from 'react';
import { WriteWords } from '../first/WriteWords.tsx';
import { Title } from '../parts/Title.tsx';
import { Unlock } from '../parts/Unlock.tsx';
import { hrefs } from '../route.ts';
import type { WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';
import { SaveKeyFile } from './SaveKeyFile.tsx';

/** The words of an account after its password, or its key file. */
export function Backup({ page, id }: { readonly page: WalletPage; readonly id: string }) {
  const { vault, open } = page;
  const [words, setWords] = useState<readonly string[]>();
  const account = page.accounts.find((each) => each.id === id);
  const away = () => location.assign(hrefs.overview);
  if (!account) return <p className="panel narrow"><a href={hrefs.overview}>{walletTexts.toOverview}</a></p>;
  if (words) return <WriteWords words={words} onLater={away} onChecked={() => vault.markBackedUp(id).then(away)} />;
  return (
    <section className="panel narrow">
      <Title>{account.kind === 'words' ? walletTexts.showWords : walletTexts.exportFile}</Title>
      <p className="quiet">{account.label}</p>
      {account.kind === 'words' ? (
        <Unlock vault={vault} open={open} account={account} always submit={walletTexts.showWords} busy={walletTexts.unlocking} onCancel={away} then={(unlocked) => setWords(unlocked.words())} />
      ) : (
        <SaveKeyFile page={page} account={account} onSaved={away} />
      )}
    </section>
  );
}
