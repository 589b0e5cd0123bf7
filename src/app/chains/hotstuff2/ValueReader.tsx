// Tests: `e2e/hotstuff2.spec.ts`.
import { type FormEvent, useState } from 'react';
import { bytesAsText } from '../../../base/bytes-as-text.ts';
import type { Answer, Client } from '../../../client/types.ts';
import { formatNumber } from '../../../page/format.ts';
import { problemOf } from '../../../page/problem-of.ts';
import { textOf } from '../../../page/code-texts.ts';
import { trustTexts } from '../../../page/texts.ts';
import { Fold } from '../../parts/Fold.tsx';
import { SaveProof } from '../../proof/SaveProof.tsx';
import { readKey } from './read-key.ts';
import { valueTexts as texts } from './value-texts.ts';
import './value-reader.css';

type Read = { readonly key: Uint8Array | string; readonly name: string; readonly answer: Answer<Uint8Array | undefined> } | { readonly problem: string };

/** Reads one value of the chain's state, which this browser holds, and saves its proof. */
export function ValueReader({ client }: { readonly client: Client }) {
  const [text, setText] = useState('');
  const [read, setRead] = useState<Read>();
  const find = async (event: FormEvent) => {
    event.preventDefault();
    if (text === '') return;
    const key = readKey(text);
    if (key === undefined) return setRead({ problem: texts.noHex(text) });
    try {
      setRead({ key, name: text, answer: await client.hotstuff2.getValue(key) });
    } catch (error) {
      const { code, data } = problemOf(error);
      setRead({ problem: textOf(code, data) });
    }
  };
  return (
    <Fold name="values" title={texts.title} gist={texts.gist}>
      <form className="value-reader" onSubmit={(event) => void find(event)}>
        <input type="search" aria-label={texts.key} placeholder={texts.placeholder} autoCapitalize="none" autoCorrect="off" spellCheck={false} value={text} onChange={({ target }) => setText(target.value)} />
        <button type="submit">{texts.read}</button>
      </form>
      <div role="status" data-testid="value">
        {read === undefined && <p className="quiet small">{texts.hint}</p>}
        {read && 'problem' in read && <p className="warn">{read.problem}</p>}
        {read && 'answer' in read && <Value read={read} client={client} />}
      </div>
    </Fold>
  );
}

function Value({ read: { key, name, answer }, client }: { readonly read: Extract<Read, { readonly answer: unknown }>; readonly client: Client }) {
  const { value, level, block } = answer;
  return (
    <>
      <p className="value-read">{value === undefined ? texts.absent(name) : <>{name} = <strong>{value.length === 0 ? texts.empty : bytesAsText(value)}</strong></>}</p>
      <p className="small quiet">{texts.standsOn(formatNumber(block.height), trustTexts[level].title)}</p>
      {/* Another key has a button of its own, without what was said of the last one. */}
      <SaveProof key={name} prove={async (options) => ({ ...(await client.hotstuff2.getValue(key, options)), value: await client.hotstuff2.proveValue(key, options) })} name="value" subject={texts.ofValue(name)} />
    </>
  );
}
