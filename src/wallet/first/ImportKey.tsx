import { useId, useState } from 'react';
import { MAX_LABEL } from '../../vault/types.ts';
import { Form } from '../parts/Form.tsx';
import { NewPassword, noPasswords, passwordsProblem } from '../parts/NewPassword.tsx';
import { PasswordField } from '../parts/PasswordField.tsx';
import { TextField } from '../parts/TextField.tsx';
import { Title } from '../parts/Title.tsx';
import { useWork } from '../use-work.ts';
import type { WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';

interface Props {
  readonly page: WalletPage;
  readonly onBack: () => void;
  readonly onDone: () => void;
}

/** Bytes of a key file: the largest has some hundred. */
const MAX_FILE = 10_000;

const isPrivateKey = (text: string) => /^(?:0x)?[\da-f]{64}$/iu.test(text);

/** An encrypted key file of Nimiq's wallets, its text, or a private key. */
export function ImportKey({ page, onBack, onDone }: Props) {
  const { vault, accounts } = page;
  const id = useId();
  const [text, setText] = useState('');
  const [filePassword, setFilePassword] = useState('');
  const [label, setLabel] = useState(() => walletTexts.defaultLabel(accounts.length + 1));
  const [passwords, setPasswords] = useState(noPasswords);
  const work = useWork();
  const key = text.trim();
  const read = (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_FILE) return work.refuse(walletTexts.fileTooLarge);
    work.run(async () => setText(await file.text()));
  };
  const start = () => {
    const problem = key === '' ? walletTexts.noFile : passwordsProblem(passwords);
    if (problem) return work.refuse(problem);
    work.run(async () => {
      const made = { label: label.trim(), password: passwords.first };
      const account = isPrivateKey(key) ? await vault.importPrivateKey(key.replace(/^0x/iu, '').toLowerCase(), made) : await vault.importKeyFile(key, filePassword, made);
      // The person has the key already: there is nothing to back up.
      await vault.markBackedUp(account.id);
      page.selected.update(() => account.addresses[0]!.address);
      setText('');
      onDone();
    });
  };
  return (
    <section className="panel narrow">
      <Title>{walletTexts.choices.file[0]}</Title>
      <Form work={work} submit={walletTexts.import} busy={walletTexts.importing} onSubmit={start} onCancel={onBack} cancel={walletTexts.back}>
        <div className="text-field">
          <label htmlFor={`${id}-file`}>{walletTexts.file}</label>
          <input id={`${id}-file`} type="file" accept=".txt,.key,text/plain" aria-describedby={`${id}-hint`} onChange={({ currentTarget }) => read(currentTarget.files?.[0])} />
          <p id={`${id}-hint`} className="hint small quiet">{walletTexts.fileHint}</p>
        </div>
        <div className="text-field">
          <label htmlFor={id}>{walletTexts.fileText}</label>
          <textarea id={id} rows={3} value={text} maxLength={MAX_FILE} onChange={({ target }) => setText(target.value)} autoComplete="off" autoCapitalize="none" spellCheck={false} />
        </div>
        {key !== '' && !isPrivateKey(key) && <PasswordField label={walletTexts.filePassword} value={filePassword} onText={setFilePassword} autoComplete="off" />}
        <TextField label={walletTexts.label} value={label} onText={setLabel} maxLength={MAX_LABEL} autoComplete="off" />
        <NewPassword value={passwords} onChange={setPasswords} />
      </Form>
    </section>
  );
}
