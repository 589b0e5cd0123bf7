import { type FormEvent, useRef, useState } from 'react';
import { networkNames } from '../../client/networks.ts';
import type { Status } from '../../client/types.ts';
import { keepNetworkFile } from '../load-network.ts';
import { parseQuery } from '../query.ts';
import { texts } from '../texts.ts';

const own = '@';

/** The network's name as a button, and the choice of another. What is chosen goes into the page's address. */
export function NetworkDialog({ status }: { readonly status: Status | undefined }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const query = parseQuery(location.search);
  const [choice, setChoice] = useState(query.network);
  const names: readonly string[] = networkNames;
  const kept = names.includes(query.network) ? [] : [query.network];

  const open = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const file = form.get('file');
    const network = choice === own && file instanceof File ? await keepNetworkFile(file) : choice;
    const seeds = String(form.get('seeds')).split(/[\s,]+/u).filter((seed) => seed !== '');
    location.assign(`?${new URLSearchParams({ ...query.settings, network, ...(seeds.length > 0 ? { seeds: seeds.join(',') } : {}) }).toString()}`);
  };

  return (
    <>
      <button type="button" className="network" onClick={() => dialog.current?.showModal()} title={status && `${texts.genesis} ${status.network.genesisHash}`}>
        <span className="visually-hidden">{texts.network}: </span>
        <span>{status?.network.name ?? query.network}</span>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2 4.5l4 4 4-4" />
        </svg>
      </button>
      <dialog ref={dialog} aria-labelledby="network-title">
        <form onSubmit={(event) => void open(event)}>
          <h2 id="network-title">{texts.networkChoose}</h2>
          <fieldset>
            <legend className="visually-hidden">{texts.network}</legend>
            {names.concat(kept).map((name) => (
              <label key={name} className="choice">
                <input type="radio" name="network" value={name} checked={choice === name} onChange={() => setChoice(name)} />
                {kept.includes(name) ? texts.networkKept(name) : name}
              </label>
            ))}
            <label className="choice">
              <input type="radio" name="network" value={own} checked={choice === own} onChange={() => setChoice(own)} />
              {texts.networkOwn}
            </label>
          </fieldset>
          {choice === own && (
            <label className="field">
              {texts.networkFile}
              <input type="file" name="file" accept="application/json,.json" required />
            </label>
          )}
          <label className="field">
            {texts.seeds}
            <textarea name="seeds" rows={3} spellCheck={false} defaultValue={query.seeds?.join('\n')} aria-describedby="seeds-hint" />
          </label>
          <p id="seeds-hint" className="quiet small">
            {texts.seedsHint}
          </p>
          <p className="actions">
            <button type="button" className="plain" onClick={() => dialog.current?.close()}>
              {texts.cancel}
            </button>
            <button type="submit">{texts.open}</button>
          </p>
        </form>
      </dialog>
    </>
  );
}
