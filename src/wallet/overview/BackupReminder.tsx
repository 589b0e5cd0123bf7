import type { VaultAccount } from '../../vault/types.ts';
import { hrefs } from '../route.ts';
import { walletTexts } from '../wallet-texts.ts';

/** Stays until the words were checked, or the key file was saved. */
export function BackupReminder({ account }: { readonly account: VaultAccount }) {
  return (
    <section className="panel reminder" data-testid="backup-reminder">
      <p><strong>{walletTexts.backup}</strong></p>
      <p className="small">{walletTexts.backupText(account.label)}</p>
      <p className="actions"><a className="button" href={hrefs.backup(account.id)}>{walletTexts.backupNow}</a></p>
    </section>
  );
}
