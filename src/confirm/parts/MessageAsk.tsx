import { useState } from 'react';
import { fromUtf8 } from '../../keys/utf8.ts';
import type { Unlocked, Vault } from '../../vault/types.ts';
import type { ConfirmAnswer, MessageRequest } from '../../widget/confirm-messages.ts';
import type { OwnedAddress } from '../owned-address.ts';
import { texts } from '../texts.ts';
import { AddressChoice } from './AddressChoice.tsx';
import { Fact } from './Fact.tsx';
import { RevealedText } from './RevealedText.tsx';
import { Signing } from './Signing.tsx';

interface Props {
  readonly request: MessageRequest;
  readonly vault: Vault;
  /** At least one. */
  readonly addresses: readonly OwnedAddress[];
  readonly onAnswer: (answer: ConfirmAnswer) => void;
  readonly onReject: () => void;
}

/** A text to be signed with the prefix of Nimiq's wallets. */
export function MessageAsk({ request, vault, addresses, onAnswer, onReject }: Props) {
  const [chosen, setChosen] = useState<string>();
  const signer = addresses.find((it) => it.address === chosen) ?? addresses[0]!;
  const confirm = async (unlocked: Unlocked): Promise<void> => {
    onAnswer({ nonce: request.nonce, kind: 'message', ...unlocked.signMessage(signer.address, request.message) });
  };
  const facts = (
    <dl className="facts">
      <Fact name={texts.message}><RevealedText bytes={fromUtf8(request.message)} /></Fact>
    </dl>
  );
  return (
    <Signing vault={vault} account={signer.account} confirm={texts.confirm.message} needs={undefined} onConfirm={confirm} onReject={onReject} facts={facts}>
      <p className="small quiet">{texts.signNote}</p>
      <AddressChoice type="radio" legend={texts.signer} addresses={addresses} chosen={new Set([signer.address])} onChange={setChosen} disabled={false} />
    </Signing>
  );
}
