import { useId, useState } from 'react';
import { MAX_LABEL } from '../../vault/types.ts';
import { Form } from '../parts/Form.tsx';
import { NewPassword, noPasswords, passwordsProblem } from '../parts/NewPassword.tsx';
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

/** Characters of the text: 24 words of at most 8 letters, and generous blanks. */
const MAX_TEXT = 600;

export function ImportWords({ page, onBack, onDone }: Props) {
  const { vault, accounts } = page;
  const id = useId();
  const [words, setWords] = useState('');
  const [label, setLabel] = useState(() => walletTexts.defaultLabel(accounts.length + 1));
  const [passwords, setPasswords] = useState(noPasswords);
  const work = useWork();
  const start = () => {
    const problem = passwordsProblem(passwords);
    if (problem) return work.refuse(problem);
    work.run(async () => {
      const account = await vault.importWords(words.trim().toLowerCase().split(/[\s,;]+/u), { label: label.trim(), password: passwords.first });
      // The person has the words already: there is nothing to back up.
      await vault.markBackedUp(account.id);
      page.selected.update(() => account.addresses[0]!.address);
      setWords('');
      onDone();
    });
  };
  return (
    <section className="panel narrow">
      <Title>{walletTexts.choices.words[0]}</Title>
      <Form work={work} submit={walletTexts.import} busy={walletTexts.importing} onSubmit={start} onCancel={onBack} cancel={walletTexts.back}>
        <div className="text-field">
          <label htmlFor={id}>{walletTexts.importWords}</label>
          <textarea id={id} rows={4} value={words} maxLength={MAX_TEXT} onChange={({ target }) => setWords(target.value)} aria-describedby={`${id}-hint`} autoComplete="off" autoCapitalize="none" spellCheck={false} required />
          <p id={`${id}-hint`} className="hint small quiet">{walletTexts.importWordsHint}</p>
        </div>
        <TextField label={walletTexts.label} value={label} onText={setLabel} maxLength={MAX_LABEL} autoComplete="off" />
        <NewPassword value={passwords} onChange={setPasswords} />
      </Form>
    </section>
  );
}
