// Tests: `e2e/stacks.spec.ts`.
import { type FormEvent, useState } from 'react';
import type { Client } from '../../../client/types.ts';
import type { Answer, StacksTransactionAnswer } from '../../../client/types.ts';
import { formatBytes } from '../../../page/format.ts';
import { trustTexts } from '../../../page/texts.ts';
import { Fold } from '../../parts/Fold.tsx';
import { Row } from '../../parts/Row.tsx';
import { blockHref } from '../../route.ts';
import { readerTexts as texts } from './reader-texts.ts';
import { useQuestion } from './use-question.ts';

/** Says whether a transaction is in the chain, by its id. */
export function TransactionCheck({ client }: { readonly client: Client }) {
  const [typed, setTyped] = useState('');
  const [asked, ask, refuse] = useQuestion<Answer<StacksTransactionAnswer>>();
  const check = (event: FormEvent) => {
    event.preventDefault();
    const id = typed.trim().replace(/^0x/iu, '').toLowerCase();
    if (!/^[0-9a-f]{64}$/u.test(id)) return refuse(texts.badTransaction);
    ask((signal) => client.stacks.getTransaction(id, { signal }));
  };
  return (
    <Fold name="transaction-check" title={texts.transaction} gist={texts.transactionGist} testid="transaction-check">
      <form className="one-field" onSubmit={check}>
        <input type="search" aria-label={texts.transactionId} placeholder={texts.transactionPlaceholder} autoCapitalize="none" autoCorrect="off" spellCheck={false} value={typed} onChange={({ target }) => setTyped(target.value)} />
        <button type="submit">{texts.check}</button>
      </form>
      <div role="status" data-testid="transaction" data-state={asked.kind}>
        {asked.kind === 'idle' && <p className="quiet small">{texts.transactionHint}</p>}
        {asked.kind === 'asking' && <p className="quiet small">{texts.checking}</p>}
        {asked.kind === 'problem' && <p className="warn">{asked.text}</p>}
        {asked.kind === 'answer' && <Found answer={asked.answer} />}
      </div>
    </Fold>
  );
}

function Found({ answer: { value, level, finality, block } }: { readonly answer: Answer<StacksTransactionAnswer> }) {
  return (
    <>
      <p><strong>{texts.isIn} <a href={blockHref(block.hash)}>{texts.block(block.height)}</a></strong></p>
      <dl className="fields">
        <Row title={texts.place}>{texts.placeOf(value.index)}, {texts.finality[finality]}, {trustTexts[level].title}</Row>
        <Row title={texts.bytes}>{formatBytes(value.bytes.length)}</Row>
      </dl>
      <p className="small quiet">{texts[value.standing]}</p>
    </>
  );
}
