import { useState } from 'react';
import { MAX_LABEL, type VaultAccount } from '../../vault/types.ts';
import { AddressText } from '../../ui/AddressText.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { Identicon } from '../../ui/Identicon.tsx';
import { Fold } from '../parts/Fold.tsx';
import { Form } from '../parts/Form.tsx';
import { TextField } from '../parts/TextField.tsx';
import { Unlock } from '../parts/Unlock.tsx';
import { hrefs } from '../route.ts';
import { useWork } from '../use-work.ts';
import type { WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';
import { ChangePassword } from './ChangePassword.tsx';
import { Passkey } from './Passkey.tsx';
import { RemoveAccount } from './RemoveAccount.tsx';
import { SaveKeyFile } from './SaveKeyFile.tsx';

interface Props {
  readonly page: WalletPage;
  readonly account: VaultAccount;
}

/** What can be done with one account. */
export function AccountSettings({ page, account }: Props) {
  const { vault, open } = page;
  return (
    <section className="panel account" aria-label={account.label} data-testid="account-settings">
      <h3>{account.label}</h3>
      <ul className="whole-addresses">
        {account.addresses.map(({ address, label }) => (
          <li key={address}>
            <Identicon address={address} size="medium" />
            <span>
              {label && <strong>{label}</strong>}
              <AddressText address={address} />
            </span>
            <span><CopyText text={address} name={label || account.label} /></span>
          </li>
        ))}
      </ul>
      <Fold title={walletTexts.rename}><Rename page={page} account={account} /></Fold>
      {account.kind === 'words' && (
        <>
          <Fold title={walletTexts.addAddress}>
            <Unlock vault={vault} open={open} account={account} submit={walletTexts.addAddress} busy={walletTexts.unlocking} then={async (unlocked) => void (await unlocked.addAddress())} />
          </Fold>
          <p className="fold-link"><a href={hrefs.backup(account.id)}>{walletTexts.showWords}</a></p>
        </>
      )}
      <Fold title={walletTexts.exportFile}><SaveKeyFile page={page} account={account} /></Fold>
      <Fold title={walletTexts.changePassword}><ChangePassword vault={vault} account={account} /></Fold>
      <Passkey vault={vault} account={account} />
      <Fold title={walletTexts.remove}><RemoveAccount page={page} account={account} /></Fold>
    </section>
  );
}

function Rename({ page: { vault }, account }: Props) {
  const [label, setLabel] = useState(account.label);
  const [done, setDone] = useState(false);
  const work = useWork();
  return (
    <Form
      work={work}
      submit={walletTexts.save}
      busy={walletTexts.save}
      onSubmit={() =>
        work.run(async () => {
          await vault.rename(account.id, label.trim());
          setDone(true);
        })
      }
    >
      <TextField label={walletTexts.label} value={label} onText={setLabel} maxLength={MAX_LABEL} autoComplete="off" required hint={done && walletTexts.saved} />
    </Form>
  );
}
