import type { AccountView, Answer, StakerView } from '../../../../client/types.ts';
import { formatDateTime, formatSpan } from '../../../../page/format.ts';
import { Row } from '../../../parts/Row.tsx';
import { AddressLink } from './AddressLink.tsx';
import { accountTexts, kindTexts } from '../../../../page/accounts/account-texts.ts';
import { formatNim } from '../../../../ui/nim.ts';

interface Props {
  readonly account: Answer<AccountView>;
  readonly staker: Answer<StakerView | undefined> | undefined;
}

/** What the account is, in words, and its stake if it has one. */
export function AccountFields({ account: { value }, staker }: Props) {
  const kind = kindTexts[value.type === 'basic' && value.balance === 0 ? 'nothing' : value.type];
  return (
    <dl className="fields" aria-label={accountTexts.facts}>
      <Row title={accountTexts.kind}>
        <strong data-testid="kind">{kind.name}</strong>
        <p className="quiet small">{kind.text}</p>
      </Row>
      <Contract account={value} />
      {staker?.value && <Stake stake={staker.value} pending={staker.finality === 'pending'} />}
    </dl>
  );
}

function Contract({ account }: { readonly account: AccountView }) {
  if (account.type === 'vesting') {
    const { owner, totalAmount, stepAmount, timeStep, startTime } = account;
    return (
      <>
        <Row title={accountTexts.owner}><AddressLink address={owner} /></Row>
        <Row title={accountTexts.total}>{formatNim(totalAmount)}</Row>
        <Row title={accountTexts.schedule}>{accountTexts.everyStep(formatNim(stepAmount), formatSpan(timeStep), formatDateTime(startTime))}</Row>
      </>
    );
  }
  if (account.type === 'htlc') {
    const { sender, recipient, totalAmount, timeout } = account;
    return (
      <>
        <Row title={accountTexts.sender}><AddressLink address={sender} /></Row>
        <Row title={accountTexts.recipient}><AddressLink address={recipient} /></Row>
        <Row title={accountTexts.total}>{formatNim(totalAmount)}</Row>
        <Row title={accountTexts.timeout}>{formatDateTime(timeout)}</Row>
      </>
    );
  }
  return null;
}

function Stake({ stake: { balance, delegation, inactiveBalance, inactiveRelease, retiredBalance }, pending }: { readonly stake: StakerView; readonly pending: boolean }) {
  return (
    <>
      <Row title={accountTexts.stake}>
        <span data-testid="stake">{accountTexts.staked(formatNim(balance))}</span>
        {inactiveBalance > 0 && (
          <p>
            {accountTexts.inactive(formatNim(inactiveBalance))}
            {inactiveRelease !== undefined && `, ${accountTexts.releasedAt(inactiveRelease)}`}
          </p>
        )}
        {retiredBalance > 0 && <p>{accountTexts.retired(formatNim(retiredBalance))}</p>}
        {pending && <p className="quiet small">{accountTexts.stakePending}</p>}
      </Row>
      <Row title={accountTexts.validator}>{delegation === undefined ? accountTexts.delegatedToNone : <AddressLink address={delegation} />}</Row>
    </>
  );
}
