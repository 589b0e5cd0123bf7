// Tests: `e2e/stacks.spec.ts`.
import type { Client, StacksAccount, StacksStateAnswer, StacksStateKey, StacksStateValue } from '../../../client/types.ts';
import { formatNumber } from '../../../page/format.ts';
import { trustTexts } from '../../../page/texts.ts';
import { Row } from '../../parts/Row.tsx';
import { SaveProof } from '../../proof/SaveProof.tsx';
import { ClarityView } from './ClarityView.tsx';
import { formatStx } from './format-stx.ts';
import { ProofPath } from './ProofPath.tsx';
import { readerTexts as texts } from './reader-texts.ts';

export type StateAnswer =
  | { readonly kind: 'account'; readonly answer: StacksStateAnswer<StacksAccount> }
  | { readonly kind: 'key'; readonly key: StacksStateKey; readonly answer: StacksStateAnswer<StacksStateValue> };

/** A proven answer, what it stands on, the way of its proof, and a button that saves it. */
export function AnswerView({ client, of }: { readonly client: Client; readonly of: StateAnswer }) {
  const { level, finality, block, proof } = of.answer;
  const key: StacksStateKey = of.kind === 'account' ? { kind: 'balance', account: of.answer.value.principal } : of.key;
  const name = of.kind === 'account' ? of.answer.value.principal : nameOf(of.key);
  return (
    <>
      <dl className="fields" data-testid="state-value">{of.kind === 'account' ? <Account account={of.answer.value} /> : <Value value={of.answer.value} />}</dl>
      <p className="small quiet">{texts.standsOn(formatNumber(block.height), texts.finality[finality], trustTexts[level].title)}</p>
      <ProofPath proof={proof} block={block} />
      {/* Another key has a button of its own, without what was said of the last one. */}
      <SaveProof key={proof.key} prove={(options) => client.stacks.proveStateValue(key, options)} name="stacks" subject={texts.ofKey(name)} />
    </>
  );
}

function nameOf(key: StacksStateKey): string {
  if ('account' in key) return key.account;
  return 'name' in key ? `${key.name} in ${key.contract}` : key.contract;
}

function Account({ account }: { readonly account: StacksAccount }) {
  const { nonce } = account;
  return (
    <>
      <Amounts {...account} />
      <Row title={texts.nonce}>{nonce === undefined ? texts.noNonce : formatNumber(nonce)}</Row>
    </>
  );
}

function Amounts({ unlocked, locked, unlockHeight }: Pick<StacksAccount, 'unlocked' | 'locked' | 'unlockHeight'>) {
  return (
    <>
      <Row title={texts.unlocked}><strong data-testid="unlocked" data-micro={String(unlocked)}>{formatStx(unlocked)}</strong></Row>
      <Row title={texts.locked}>{locked === 0n ? texts.nothingLocked : texts.lockedUntil(formatStx(locked), unlockHeight)}</Row>
    </>
  );
}

function Value({ value }: { readonly value: StacksStateValue }) {
  switch (value.kind) {
    case 'balance': {
      const { record } = value;
      return <Amounts unlocked={record.unlocked} locked={record.kind === 'locked' ? record.locked : 0n} unlockHeight={record.kind === 'locked' ? record.unlockHeight : 0} />;
    }
    case 'nonce':
      return <Row title={texts.nonce}>{formatNumber(value.nonce)}</Row>;
    case 'contract':
      return (
        <>
          <Row title={texts.codeHash}><code>{value.codeHash}</code></Row>
          <Row title={texts.publishedAt}>{formatNumber(value.height)}</Row>
        </>
      );
    case 'variable':
      return <Row title={texts.value}><ClarityView value={value.value} /></Row>;
    case 'map-entry':
      return <Row title={texts.value}>{value.value === undefined ? texts.deleted : <ClarityView value={value.value} />}</Row>;
    case 'token-balance':
    case 'token-supply':
      return <Row title={texts.amount}><strong>{value.amount.toLocaleString()}</strong></Row>;
    case 'asset-owner':
      return <Row title={texts.ownedBy}>{value.owner === undefined ? texts.burnt : <code>{value.owner}</code>}</Row>;
  }
}
