import type { AccountView, Answer } from '../../../../client/types.ts';
import type { KnownAnswer } from '../../../../react/answer-stores.ts';
import { blockHref } from '../../../route.ts';
import { trustTexts } from '../../../../page/texts.ts';
import { accountTexts } from '../../../../page/accounts/account-texts.ts';
import { formatNim } from '../../../../ui/nim.ts';
import { settled } from '../../../../page/accounts/settled.ts';

/** At which block the balance was proven, whether it can still change, and how far the block is verified. */
export function AccountVerdict({ account, latest }: { readonly account: KnownAnswer<AccountView>; readonly latest: Answer<AccountView> }) {
  const { final } = account;
  const shown = settled(account) ?? latest;
  const { level, finality, block } = shown;
  const tone = level === 'claimed' ? 'bad' : finality === 'final' && level !== 'witnessed' ? 'good' : 'pending';
  return (
    <div className="verdict" data-tone={tone} data-testid="account-verdict" data-finality={finality} data-level={level} role="status">
      <p>
        <strong>
          <a href={blockHref(block.hash)}>{accountTexts.provenAt(block.height)}</a> · {accountTexts[finality]}
        </strong>
      </p>
      <p>{finality === 'pending' ? accountTexts.pendingText : latest.block.height > block.height ? accountTexts.sameLater(latest.block.height) : accountTexts.finalText}</p>
      {final && shown !== final && <p data-testid="final-balance">{accountTexts.finalBefore(formatNim(final.value.balance), final.block.height)}</p>}
      <p className="quiet small">{accountTexts.level}: {trustTexts[level].title}.</p>
    </div>
  );
}
