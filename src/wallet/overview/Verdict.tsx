import { accountTexts } from '../../page/accounts/account-texts.ts';
import { trustTexts } from '../../page/texts.ts';
import { appHref } from '../route.ts';
import { walletTexts } from '../wallet-texts.ts';
import type { BalanceVerdict } from './verdict.ts';

const tones = { none: 'quiet', kept: 'warn', claimed: 'warn', pending: 'pending', final: 'good' } as const;

/** How sure the balance is, in words, and the block that it stands on. */
export function Verdict({ verdict }: { readonly verdict: BalanceVerdict }) {
  if (verdict.kind === 'none') return null;
  return (
    <div className="sure" data-tone={tones[verdict.kind]} data-testid="verdict" data-kind={verdict.kind} role="status">
      {verdict.kind === 'kept' ? (
        <p>{walletTexts.kept(verdict.time, verdict.height)}</p>
      ) : (
        <>
          <p><strong>{walletTexts.proven[verdict.kind][0]}</strong></p>
          <p className="small">{walletTexts.proven[verdict.kind][1]}</p>
          <p className="quiet small">
            <a href={appHref(`#/block/${verdict.answer.block.hash}`)}>{accountTexts.provenAt(verdict.answer.block.height)}</a> · {accountTexts.level}: {trustTexts[verdict.answer.level].title}
          </p>
        </>
      )}
    </div>
  );
}
