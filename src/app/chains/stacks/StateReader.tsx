// Tests: `e2e/stacks.spec.ts`.
import { type FormEvent, useState } from 'react';
import type { Client } from '../../../client/types.ts';
import { Fold } from '../../parts/Fold.tsx';
import { AnswerView, type StateAnswer } from './AnswerView.tsx';
import { readerTexts as texts } from './reader-texts.ts';
import { type ReadKind, stateQuestion } from './state-question.ts';
import { useQuestion } from './use-question.ts';

const kinds = Object.keys(texts.kinds) as readonly ReadKind[];
const plain = { autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } as const;

interface Props {
  readonly client: Client;
  readonly mainnet: boolean;
}

/** Reads an account, or a key of a contract's state, with a proof. */
export function StateReader({ client, mainnet }: Props) {
  const [kind, setKind] = useState<ReadKind>('account');
  const [principal, setPrincipal] = useState('');
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const [asked, ask, refuse, forget] = useQuestion<StateAnswer>();
  // An answer to another question is not left below a new one.
  const choose = (next: ReadKind) => {
    setKind(next);
    forget();
  };
  const read = (event: FormEvent) => {
    event.preventDefault();
    const question = stateQuestion({ kind, principal, name, key }, mainnet);
    if (question.kind === 'wrong') return refuse(question.text);
    ask(async (signal) =>
      question.kind === 'account'
        ? { kind: 'account', answer: await client.stacks.getAccount(question.principal, { signal }) }
        : { kind: 'key', key: question.key, answer: await client.stacks.getStateValue(question.key, { signal }) });
  };
  const named = kind === 'account' || kind === 'contract' ? undefined : texts.names[kind];
  const keyed = kind === 'map-entry' ? texts.mapKey : kind === 'asset-owner' ? texts.assetId : kind === 'token-balance' ? texts.owner : undefined;
  return (
    <Fold name="state-reader" title={texts.reader} gist={texts.readerGist} testid="state-reader">
      <form className="state-form" onSubmit={read}>
        <label className="field">
          {texts.what}
          <select value={kind} onChange={({ target }) => choose(kinds.find((each) => each === target.value) ?? 'account')}>
            {kinds.map((each) => <option key={each} value={each}>{texts.kinds[each]}</option>)}
          </select>
        </label>
        <label className="field">
          {kind === 'account' ? texts.principal : texts.contract}
          <input type="search" {...plain} value={principal} placeholder={texts.placeholders[kind === 'account' ? 'principal' : 'contract'](mainnet)} onChange={({ target }) => setPrincipal(target.value)} />
        </label>
        {named !== undefined && (
          <label className="field">
            {named}
            <input type="search" {...plain} value={name} placeholder={texts.placeholders.name} onChange={({ target }) => setName(target.value)} />
          </label>
        )}
        {keyed !== undefined && (
          <label className="field">
            {keyed}
            <input type="search" {...plain} value={key} placeholder={kind === 'token-balance' ? texts.placeholders.principal(mainnet) : texts.placeholders.literal} onChange={({ target }) => setKey(target.value)} />
          </label>
        )}
        <button type="submit">{texts.read}</button>
      </form>
      {(kind === 'map-entry' || kind === 'asset-owner') && <p className="quiet small">{texts.literalHint}</p>}
      <div role="status" data-testid="state-answer" data-state={asked.kind} data-code={asked.kind === 'problem' ? asked.code : undefined}>
        {asked.kind === 'idle' && <p className="quiet small">{texts.hint}</p>}
        {asked.kind === 'asking' && <p className="quiet small">{texts.reading}</p>}
        {asked.kind === 'problem' && <p className="warn">{asked.text}</p>}
        {asked.kind === 'problem' && asked.reason === 'absence-not-provable' && <p className="quiet small">{texts.notZero}</p>}
        {asked.kind === 'answer' && <AnswerView client={client} of={asked.answer} />}
      </div>
    </Fold>
  );
}
