// Tests: `e2e/stacks.spec.ts`.
import { type FormEvent, useState } from 'react';
import type { Client, StacksInventory } from '../../../client/types.ts';
import { Fold } from '../../parts/Fold.tsx';
import { readerTexts as texts } from './reader-texts.ts';
import { useQuestion } from './use-question.ts';

/** Of the drawing, in pixels. */
const CELL = 10;
const PER_ROW = 50;

interface Props {
  readonly client: Client;
  /** Of the newest block. */
  readonly cycle: number;
}

/** Which tenures of a cycle began, as one gateway's answers say: derived, and labelled so. */
export function InventoryView({ client, cycle }: Props) {
  const [typed, setTyped] = useState<string>();
  const [asked, ask, refuse] = useQuestion<StacksInventory>();
  const show = (event: FormEvent) => {
    event.preventDefault();
    const wanted = (typed ?? String(cycle)).trim();
    if (!/^\d{1,9}$/u.test(wanted)) return refuse(texts.badCycle);
    ask((signal) => client.stacks.getInventory(Number(wanted), { signal }));
  };
  return (
    <Fold name="inventory" title={texts.inventory} gist={texts.inventoryGist} testid="inventory-fold">
      <form className="one-field" onSubmit={show}>
        <label htmlFor="inventory-cycle">{texts.inventoryCycle}</label>
        <input id="inventory-cycle" type="search" inputMode="numeric" value={typed ?? String(cycle)} onChange={({ target }) => setTyped(target.value)} />
        <button type="submit">{texts.show}</button>
      </form>
      <div role="status" data-testid="inventory" data-state={asked.kind}>
        {asked.kind === 'asking' && <p className="quiet small">{texts.asksGateway}</p>}
        {asked.kind === 'problem' && <p className="warn">{asked.text}</p>}
        {asked.kind === 'answer' && <Bits of={asked.answer} />}
      </div>
    </Fold>
  );
}

function Bits({ of: { gateway, from, bits } }: { readonly of: StacksInventory }) {
  const began = bits.filter(Boolean).length;
  const columns = Math.min(PER_ROW, Math.max(1, bits.length));
  const rows = Math.ceil(bits.length / columns);
  return (
    <>
      <p className="warn small" data-testid="derived">{texts.derived(gateway)}</p>
      <p>{texts.began(began, bits.length)}</p>
      <svg className="inventory-bits" width={columns * CELL} height={rows * CELL} viewBox={`0 0 ${columns * CELL} ${rows * CELL}`} role="img" aria-label={texts.began(began, bits.length)}>
        {bits.map((bit, at) => (
          <rect key={from + at} className={bit ? 'began' : 'none'} x={(at % columns) * CELL + 1} y={Math.floor(at / columns) * CELL + 1} width={CELL - 2} height={CELL - 2} rx="2">
            <title>{texts.bitOf(from + at, bit)}</title>
          </rect>
        ))}
      </svg>
    </>
  );
}
