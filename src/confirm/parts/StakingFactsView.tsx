import type { TransactionFacts } from '../read-transaction.ts';
import { stakingText, texts } from '../texts.ts';
import { AddressLine } from './AddressLine.tsx';
import { Fact } from './Fact.tsx';
import { FeeLine } from './FeeLine.tsx';

/** A staking transaction, as its bytes say it. */
export function StakingFactsView({ facts }: { readonly facts: TransactionFacts }) {
  const { staking, value, fee } = facts;
  if (!staking) return null;
  return (
    <dl className="facts">
      <Fact name={texts.stake}>
        <p className="sentence" data-testid="staking" data-action={staking.action} data-luna={String(staking.amount ?? value)}>{stakingText(staking, value)}</p>
        <FeeLine value={0n} fee={fee} />
      </Fact>
      {staking.delegation !== undefined && (
        <Fact name={texts.validator}>
          <div data-testid="validator" data-address={staking.delegation}><AddressLine address={staking.delegation} /></div>
        </Fact>
      )}
    </dl>
  );
}
