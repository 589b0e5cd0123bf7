import { useEffect } from 'react';
import type { Client } from '../../client/types.ts';
import { accountProblems } from '../../page/accounts/account-texts.ts';
import { problemOf } from '../../page/problem-of.ts';
import { textOf } from '../../page/code-texts.ts';
import { useAccount } from '../../react/wallet-hooks.ts';
import { formatNim } from '../../ui/nim.ts';
import { texts } from '../texts.ts';

/** Whether the balance is enough. `unproven`: no peer could prove it; the network takes no payment without funds, so nothing is lost by trying. */
export type Funds = 'enough' | 'too-little' | 'unproven';

interface Props {
  readonly client: Client;
  readonly address: string;
  /** Luna that the transaction takes from this address. */
  readonly needed: bigint;
  readonly onKnown: (funds: Funds | undefined) => void;
}

/** The balance of the sender, and what it rests on. */
export function BalanceLine({ client, address, needed, onKnown }: Props) {
  const { latest, error } = useAccount(client, address);
  const balance = latest && BigInt(latest.value.balance);
  const funds: Funds | undefined = balance !== undefined ? (balance >= needed ? 'enough' : 'too-little') : error === undefined ? undefined : 'unproven';
  useEffect(() => onKnown(funds), [funds, onKnown]);
  if (!latest || balance === undefined) {
    const { code, data } = problemOf(error);
    return <p className="small quiet" role="status" data-testid="balance">{error === undefined ? texts.asking : (accountProblems.get(code) ?? textOf(code, data))}</p>;
  }
  return (
    <>
      <p className="small quiet" data-testid="balance" data-luna={String(balance)}>
        {texts.balance} {formatNim(balance)}, {texts.provenAt(latest.block.height)} · {latest.finality === 'final' ? texts.final : texts.canChange}
      </p>
      {funds === 'too-little' && <p className="small bad" role="alert" data-testid="too-little">{texts.tooLittle(formatNim(needed - balance))}</p>}
    </>
  );
}
