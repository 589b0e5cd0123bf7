import { useEffect, useRef } from 'react';
import type { Client, Status } from '../../../../client/types.ts';
import { useAccount, useStaker } from '../../../../react/wallet-hooks.ts';
import { blockTexts } from '../../../block-texts.ts';
import { CopyText } from '../../../../ui/CopyText.tsx';
import { problemOf } from '../../../../page/problem-of.ts';
import { saveTexts } from '../../../proof/save-texts.ts';
import { SaveProof } from '../../../proof/SaveProof.tsx';
import { overviewHref } from '../../../route.ts';
import { textOf } from '../../../../page/code-texts.ts';
import { phaseSentences } from '../../../../page/texts.ts';
import { whyAlone } from '../../../../page/why-alone.ts';
import { AccountFields } from './AccountFields.tsx';
import { AccountVerdict } from './AccountVerdict.tsx';
import { accountProblems, accountTexts, addressProblemText } from '../../../../page/accounts/account-texts.ts';
import '../../../../ui/styles/parts.css';
import './accounts.css';
import { addressOf } from '../../../../page/accounts/address-of.ts';
import { Amount } from '../../../../ui/Amount.tsx';
import { settled } from '../../../../page/accounts/settled.ts';
import { TransactionsOf } from './TransactionsOf.tsx';

interface Props {
  readonly client: Client;
  /** As it is in the URL, unchecked. */
  readonly text: string;
  readonly status: Status | undefined;
}

/** The page of one account: its balance, how that was proven, what it is, and its transactions. */
export function AccountPage({ client, text, status }: Props) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    scrollTo(0, 0);
    title.current?.focus({ preventScroll: true });
  }, []);
  const read = addressOf(text);
  return (
    <article className="panel block-page account-page" data-testid="account">
      <header>
        <a href={overviewHref} className="back">← {blockTexts.back}</a>
        <h2 ref={title} tabIndex={-1}>{accountTexts.title}</h2>
        <p className="whole-address">
          <code aria-label={accountTexts.address}>{'address' in read ? read.address : text}</code>
          {'address' in read && <CopyText text={read.address} name={accountTexts.address} />}
        </p>
      </header>
      {'address' in read ? <Account client={client} address={read.address} status={status} /> : <p className="warn" role="alert">{addressProblemText(read.problem)}</p>}
    </article>
  );
}

function Account({ client, address, status }: { readonly client: Client; readonly address: string; readonly status: Status | undefined }) {
  const account = useAccount(client, address);
  const staker = useStaker(client, address);
  const trouble = troubleOf(status, account.error);
  if (!account.latest) return <p role="status" className={trouble ? 'warn' : undefined}>{trouble ?? waitingFor(status)}</p>;
  return (
    <>
      <div className="about">
        <p className="balance" data-testid="balance" data-luna={account.latest.value.balance} aria-label={accountTexts.balance}>
          <Amount luna={account.latest.value.balance} />
        </p>
        <AccountVerdict account={account} latest={account.latest} />
        {trouble && <p className="warn" role="status">{trouble} {accountTexts.lastProven}</p>}
        <AccountFields account={account.latest} staker={settled(staker)} />
        <SaveProof prove={(options) => client.proveAccount(address, options)} name={`account-${address.replaceAll(' ', '')}`} subject={saveTexts.ofAccount} />
      </div>
      <TransactionsOf client={client} address={address} />
    </>
  );
}

/** Why there is no newer answer. */
function troubleOf(status: Status | undefined, error: unknown): string | undefined {
  if (whyAlone(status)) return textOf(status?.reason?.code ?? 'offline');
  if (error === undefined) return undefined;
  const { code, data } = problemOf(error);
  return accountProblems.get(code) ?? textOf(code, data);
}

function waitingFor(status: Status | undefined): string {
  if (!status || status.consensus === 'established' || status.phase === 'established') return accountTexts.asking;
  return `${phaseSentences[status.phase]} ${accountTexts.waits}`;
}
