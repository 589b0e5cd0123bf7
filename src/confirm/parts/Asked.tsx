import { useEffect, useMemo, useState } from 'react';
import { problemOf } from '../../page/problem-of.ts';
import { textOf } from '../../page/code-texts.ts';
import { useStatus } from '../../react/hooks.ts';
import type { Client } from '../../client/types.ts';
import type { ConfirmAnswer, ConfirmRequest } from '../../widget/confirm-messages.ts';
import type { Grants } from '../grants.ts';
import { ownedAddresses } from '../owned-address.ts';
import { texts } from '../texts.ts';
import { useVault } from '../use-vault.ts';
import { AccountsAsk } from './AccountsAsk.tsx';
import { AskedBy } from './AskedBy.tsx';
import { MessageAsk } from './MessageAsk.tsx';
import { NetworkLine } from './NetworkLine.tsx';
import { NoAccount } from './NoAccount.tsx';
import { Shell } from './Shell.tsx';
import { TransactionAsk } from './TransactionAsk.tsx';

interface Props {
  readonly request: ConfirmRequest;
  /** Undefined for what needs no chain. */
  readonly starting: Promise<Client> | undefined;
  readonly grants: Grants;
  readonly answer: (answer: ConfirmAnswer) => void;
}

/** One request, from the first look to the answer. */
export function Asked({ request, starting, grants, answer }: Props) {
  const { vault, accounts, error } = useVault();
  const [{ client, failed }, setClient] = useState<{ readonly client?: Client; readonly failed?: unknown }>({});
  const [done, setDone] = useState<string>();
  const status = useStatus(client);
  const [grant] = useState(() => grants.get(request.host, request.network));
  useEffect(() => {
    let ended = false;
    starting?.then(
      (client) => !ended && setClient({ client }),
      (failed: unknown) => !ended && setClient({ failed }),
    );
    return () => {
      ended = true;
    };
  }, [starting]);

  const named = request.kind === 'message' ? request.signer : request.kind === 'accounts' ? undefined : request.sender;
  const all = useMemo(() => ownedAddresses(accounts), [accounts]);
  const addresses = named === undefined ? all : all.filter((it) => it.address === named);
  const reply = (it: ConfirmAnswer): void => {
    if (it.kind === 'accounts') grants.grant(request.host, request.network, it.addresses);
    else if (it.kind !== 'refused') grants.touch(request.host, request.network);
    setDone(it.kind === 'refused' ? texts.doneRejected : texts.done);
    answer(it);
  };
  const refuse = (reason: 'rejected' | 'no-account') => () => reply({ nonce: request.nonce, kind: 'refused', reason });

  const problem = error ?? failed;
  const shared = { onAnswer: reply, onReject: refuse('rejected') };
  return (
    <Shell>
      <main className="panel" data-testid="asked" data-kind={request.kind}>
        <AskedBy host={request.host} kind={request.kind} />
        <NetworkLine network={request.network} status={status} />
        {vault?.kind === 'memory' && <p className="warn small">{texts.memoryOnly}</p>}
        {done !== undefined && <p role="status" data-testid="done">{done}</p>}
        {done === undefined && problem !== undefined && <Broken text={error === undefined ? codeText(failed) : `${texts.vaultFailed} ${codeText(error)}`} onReject={refuse('rejected')} />}
        {done === undefined && problem === undefined && vault && addresses.length === 0 && <NoAccount named={named !== undefined && all.length > 0} onTell={refuse('no-account')} />}
        {done === undefined && problem === undefined && vault && addresses.length > 0 && (
          <>
            {named !== undefined && !grant?.addresses.includes(named) && <p className="warn small" data-testid="not-shared">{texts.notShared}</p>}
            {request.kind === 'accounts' && <AccountsAsk request={request} addresses={addresses} grant={grant} {...shared} />}
            {request.kind === 'message' && <MessageAsk request={request} vault={vault} addresses={addresses} {...shared} />}
            {(request.kind === 'payment' || request.kind === 'staking') && client && (
              <TransactionAsk request={request} client={client} vault={vault} addresses={addresses} own={all.map((it) => it.address)} {...shared} />
            )}
            {(request.kind === 'payment' || request.kind === 'staking') && !client && <p role="status" className="quiet">{texts.connecting}</p>}
          </>
        )}
      </main>
    </Shell>
  );
}

function Broken({ text, onReject }: { readonly text: string; readonly onReject: () => void }) {
  return (
    <>
      <p className="bad" role="alert" data-testid="problem">{text}</p>
      <p className="actions"><button type="button" className="plain" onClick={onReject}>{texts.back}</button></p>
    </>
  );
}

function codeText(thrown: unknown): string {
  const { code, data } = problemOf(thrown);
  return textOf(code, data);
}
