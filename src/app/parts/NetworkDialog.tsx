// Tests: `e2e/page.spec.ts`.
import { type FormEvent, useRef, useState } from 'react';
import { networkNames } from '../../client/networks.ts';
import type { Status } from '../../client/types.ts';
import { errorText } from '../../page/problem-of.ts';
import { keepNetworkFile } from '../../page/load-network.ts';
import { openedChains, openedNetworks, type OpenedNetworks } from '../opened-networks.ts';
import { parseQuery } from '../../page/query.ts';
import { chainTexts, networkTexts, texts } from '../../page/texts.ts';
import { groupByChain } from '../group-by-chain.ts';

const own = '@';

/** All rows of a typical list are visible; longer lists scroll. */
const rowsFor = (lines: string) => Math.min(8, Math.max(3, lines.split('\n').length));

/** The network's name as a button, which opens a dialog to choose another. The choice goes into the page's URL. */
export function NetworkDialog({ status }: { readonly status: Status | undefined }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const query = parseQuery(location.search);
  const [choice, setChoice] = useState(query.network);
  const [seeds, setSeeds] = useState(query.seeds?.join('\n') ?? '');
  const [opened, setOpened] = useState<OpenedNetworks>(new Map());
  const [chains, setChains] = useState<ReadonlyMap<string, string>>(new Map());
  const [problem, setProblem] = useState('');
  const names: readonly string[] = networkNames;
  // The network in use and those opened before, so that there is a way back to each.
  const others = [...new Set([query.network, ...opened.keys()])].filter((name) => !names.includes(name));
  const labelOf = (name: string) => {
    const shown = name.replace(/^@/u, '');
    return name === query.network ? texts.networkKept(status?.network.name ?? shown) : texts.networkOpened(shown);
  };

  const chainOf = (name: string) => (name === query.network ? status?.network.details.chain : undefined) ?? chains.get(name);
  const ofGateways = chainOf(choice) === 'stacks';

  const show = () => {
    // Forget a choice from last time that was not opened; show the network in use.
    setChoice(query.network);
    setSeeds(query.seeds?.join('\n') ?? '');
    setOpened(openedNetworks());
    setChains(openedChains());
    setProblem('');
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLInputElement>(`input[value="${CSS.escape(query.network)}"]`)?.focus();
  };

  const choose = (next: string) => {
    // Peers of one network are useless on another, so each network has the seeds that it was opened with. Typed text stays.
    const ofChoice = (network: string) => (network === query.network ? query.seeds : opened.get(network))?.join('\n') ?? '';
    if (seeds === ofChoice(choice)) setSeeds(ofChoice(next));
    setChoice(next);
    setProblem('');
  };

  const open = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const file = new FormData(event.currentTarget).get('file');
    try {
      const network = choice === own && file instanceof File ? await keepNetworkFile(file) : choice;
      const list = seeds.split(/[\s,]+/u).filter((seed) => seed !== '');
      location.assign(`?${new URLSearchParams({ ...query.settings, network, ...(list.length > 0 ? { seeds: list.join(',') } : {}) }).toString()}`);
    } catch (error) {
      setProblem(errorText(error));
    }
  };

  return (
    <>
      <button type="button" className="network" onClick={show} title={status && `${status.network.name}, ${texts.genesis} ${status.network.genesisHash}`}>
        <span className="visually-hidden">{texts.network}: </span>
        <span>{networkTexts.get(query.network) ?? status?.network.name ?? query.network}</span>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2 4.5l4 4 4-4" />
        </svg>
      </button>
      <dialog ref={dialog} aria-labelledby="network-title">
        <form onSubmit={(event) => void open(event)}>
          <h2 id="network-title">{texts.networkChoose}</h2>
          <fieldset>
            <legend className="visually-hidden">{texts.network}</legend>
            {groupByChain(names, others, chainOf).map(([chain, group]) => (
              <div key={chain} className="chain-group" role="group" aria-labelledby={`networks-of-${chain}`}>
                <h3 id={`networks-of-${chain}`} className="label">{chainTexts.get(chain) ?? chain}</h3>
                {group.map((name) => (
                  <label key={name} className="choice">
                    <input type="radio" name="network" value={name} checked={choice === name} onChange={() => choose(name)} />
                    <span>
                      {networkTexts.get(name) ?? labelOf(name)} {networkTexts.has(name) && <code className="quiet">{name}</code>}
                    </span>
                  </label>
                ))}
                {chain === 'stacks' && (
                  <p className="quiet small">
                    {texts.chooseCheckpoint} <code>npm run stacks:checkpoint</code> {texts.orLocalNetwork} (<code>npm start -- --chain stacks</code>).
                  </p>
                )}
                {chain !== 'albatross' && chain !== 'stacks' && chainTexts.has(chain) && (
                  <p className="quiet small">
                    {texts.noPublicNetwork} (<code>npm start -- --chain {chain}</code>) {texts.orOwnFile}
                  </p>
                )}
              </div>
            ))}
            <label className="choice">
              <input type="radio" name="network" value={own} checked={choice === own} onChange={() => choose(own)} />
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
            {ofGateways ? texts.gateways : texts.seeds}
            <textarea rows={rowsFor(seeds)} spellCheck={false} value={seeds} onChange={({ target }) => setSeeds(target.value)} aria-describedby="seeds-hint" />
          </label>
          <p id="seeds-hint" className="quiet small">
            {ofGateways ? texts.gatewaysHint : texts.seedsHint}
          </p>
          <p className="warn small" role="status">{problem}</p>
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
