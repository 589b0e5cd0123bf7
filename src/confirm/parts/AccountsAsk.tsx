import { useState } from 'react';
import { formatDateTime } from '../../page/format.ts';
import type { AccountsRequest, ConfirmAnswer } from '../../widget/confirm-messages.ts';
import type { Grant } from '../grants.ts';
import type { OwnedAddress } from '../owned-address.ts';
import { texts } from '../texts.ts';
import { Actions } from './Actions.tsx';
import { AddressChoice } from './AddressChoice.tsx';

interface Props {
  readonly request: AccountsRequest;
  /** At least one. */
  readonly addresses: readonly OwnedAddress[];
  /** What the site could already see. */
  readonly grant: Grant | undefined;
  readonly onAnswer: (answer: ConfirmAnswer) => void;
  readonly onReject: () => void;
}

/** Which addresses a site may see. No key is needed for that. */
export function AccountsAsk({ request, addresses, grant, onAnswer, onReject }: Props) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(grant?.addresses ?? (addresses.length === 1 ? [addresses[0]!.address] : [])));
  // Some may have been removed since they were shared.
  const shared = addresses.filter((it) => chosen.has(it.address)).map((it) => it.address);
  const change = (address: string, isChosen: boolean): void => setChosen((before) => new Set(isChosen ? [...before, address] : [...before].filter((it) => it !== address)));
  return (
    <form
      className="asked"
      onSubmit={(event) => {
        event.preventDefault();
        if (shared.length > 0) onAnswer({ nonce: request.nonce, kind: 'accounts', addresses: shared });
      }}
    >
      <AddressChoice type="checkbox" legend={texts.choose} addresses={addresses} chosen={chosen} onChange={change} disabled={false} />
      <p className="small quiet">{texts.chooseNote}</p>
      {grant && <p className="small quiet" data-testid="granted">{texts.again(formatDateTime(grant.used))}</p>}
      <Actions confirm={texts.confirm.accounts} needs={shared.length === 0 ? texts.needs.choice : undefined} busy={undefined} problem={undefined} onReject={onReject} />
    </form>
  );
}
