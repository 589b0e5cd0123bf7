import type { ProvenStatement, VerifiedProof } from '../../verify/verify.ts';
import { AddressLink } from '../chains/albatross/accounts/AddressLink.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { kindTexts } from '../../page/accounts/account-texts.ts';
import { formatNim } from '../../ui/nim.ts';
import { formatDateTime, formatNumber } from '../../page/format.ts';
import { Row } from '../parts/Row.tsx';
import { blockHref } from '../route.ts';
import { proofTexts } from './proof-texts.ts';

/** What the file states: the amount in large, and the facts around it. */
export function ProofValue({ proof }: { readonly proof: VerifiedProof }) {
  const { statement, block, finalBy } = proof;
  const amount = amountOf(statement);
  return (
    <>
      {amount !== undefined && <p className="balance" data-testid="proof-amount" data-luna={amount}><Amount luna={amount} /></p>}
      {statement.type === 'transaction' && !statement.value.executionResult && <p className="warn">{proofTexts.failed}</p>}
      <dl className="fields">
        <Facts statement={statement} />
        <Row title={proofTexts.block}>
          <a href={blockHref(block.hash)}>{formatNumber(block.height)}</a> · <time dateTime={new Date(block.timestamp).toISOString()}>{formatDateTime(block.timestamp)}</time>
        </Row>
        <Row title={proofTexts.final}>{finalBy.hash === block.hash ? proofTexts.macroBlock : <a href={blockHref(finalBy.hash)}>{formatNumber(finalBy.height)}</a>}</Row>
      </dl>
    </>
  );
}

function amountOf(statement: ProvenStatement): number | undefined {
  switch (statement.type) {
    case 'account':
      return statement.value.balance;
    case 'transaction':
      return statement.value.value;
    case 'staker':
      return statement.value?.balance;
    case 'validator':
      return statement.value?.totalStake;
    case 'block':
      return undefined;
  }
}

function Facts({ statement }: { readonly statement: ProvenStatement }) {
  switch (statement.type) {
    case 'account': {
      const kind = kindTexts[statement.value.type === 'basic' && statement.value.balance === 0 ? 'nothing' : statement.value.type];
      return <Row title={proofTexts.account}><AddressLink address={statement.address} /><p className="quiet small">{kind.name}</p></Row>;
    }
    case 'staker':
      return (
        <>
          <Row title={proofTexts.account}><AddressLink address={statement.address} /></Row>
          {statement.value && <Row title={proofTexts.inactive}>{formatNim(statement.value.inactiveBalance)}</Row>}
          {statement.value && <Row title={proofTexts.retired}>{formatNim(statement.value.retiredBalance)}</Row>}
          {statement.value && <Row title={proofTexts.validator}>{statement.value.delegation === undefined ? proofTexts.delegatedToNone : <AddressLink address={statement.value.delegation} />}</Row>}
        </>
      );
    case 'validator':
      return (
        <>
          <Row title={proofTexts.validator}><AddressLink address={statement.address} /></Row>
          {statement.value && <Row title={proofTexts.stakers}>{formatNumber(statement.value.numStakers)}</Row>}
        </>
      );
    case 'transaction': {
      const { sender, recipient, fee, kind, timestamp } = statement.value;
      return (
        <>
          {kind === 'transaction' && <Row title={proofTexts.from}><AddressLink address={sender} /></Row>}
          <Row title={proofTexts.to}><AddressLink address={recipient} /></Row>
          <Row title={proofTexts.time}><time dateTime={new Date(timestamp).toISOString()}>{formatDateTime(timestamp)}</time></Row>
          <Row title={proofTexts.fee}>{formatNim(fee)}</Row>
          <Row title={proofTexts.hash}><code>{statement.hash}</code></Row>
        </>
      );
    }
    case 'block':
      return <Row title={proofTexts.hash}><code>{statement.hash}</code></Row>;
  }
}
