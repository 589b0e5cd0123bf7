import { useState } from 'react';
import { MAX_LABEL } from '../../vault/types.ts';
import { Form } from '../parts/Form.tsx';
import { NewPassword, noPasswords, passwordsProblem } from '../parts/NewPassword.tsx';
import { TextField } from '../parts/TextField.tsx';
import { Title } from '../parts/Title.tsx';
import { useWork } from '../use-work.ts';
import type { WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';
import { WriteWords } from './WriteWords.tsx';

interface Props {
  readonly page: WalletPage;
  readonly onBack: () => void;
  readonly onDone: () => void;
}

/** A name and a password; then the words, once. */
export function CreateAccount({ page, onBack, onDone }: Props) {
  const { vault, accounts } = page;
  const [label, setLabel] = useState(() => walletTexts.defaultLabel(accounts.length + 1));
  const [passwords, setPasswords] = useState(noPasswords);
  const [made, setMade] = useState<{ readonly id: string; readonly words: readonly string[] }>();
  const work = useWork();
  if (made) return <WriteWords words={made.words} onLater={onDone} onChecked={() => vault.markBackedUp(made.id).then(onDone)} />;
  const create = () => {
    const problem = passwordsProblem(passwords);
    if (problem) return work.refuse(problem);
    work.run(async () => {
      const { account, words } = await vault.create({ label: label.trim(), password: passwords.first });
      page.selected.update(() => account.addresses[0]!.address);
      setMade({ id: account.id, words });
    });
  };
  return (
    <section className="panel narrow">
      <Title>{walletTexts.choices.create[0]}</Title>
      <Form work={work} submit={walletTexts.create} busy={walletTexts.creating} onSubmit={create} onCancel={onBack} cancel={walletTexts.back}>
        <TextField label={walletTexts.label} value={label} onText={setLabel} hint={walletTexts.labelHint} maxLength={MAX_LABEL} autoComplete="off" />
        <NewPassword value={passwords} onChange={setPasswords} />
      </Form>
    </section>
  );
}
