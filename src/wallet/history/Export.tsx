import { useState } from 'react';
import type { Client } from '../../client/types.ts';
import { download } from '../../page/download.ts';
import type { Labels } from '../kept/labels.ts';
import { useWork } from '../use-work.ts';
import { walletTexts } from '../wallet-texts.ts';
import { allTransactions } from './all-transactions.ts';
import { historyCsv } from './csv.ts';
import { type HistoryRow, historyRow } from './history-row.ts';

/** Without it some spreadsheets do not read UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

interface Props {
  readonly client: Client;
  readonly address: string;
  readonly labels: Labels;
  /** Only these rows: those that the search finds. */
  readonly wanted: (row: HistoryRow) => boolean;
}

/** Saves the whole history, also what is not loaded yet. */
export function Export({ client, address, labels, wanted }: Props) {
  const work = useWork();
  const [count, setCount] = useState(0);
  const save = () =>
    work.run(async () => {
      setCount(0);
      const all = await allTransactions(client, address, setCount);
      download(`petrel-${address.replaceAll(' ', '')}.csv`, BYTE_ORDER_MARK + historyCsv(all.map((transaction) => historyRow(transaction, address)).filter(wanted), labels), 'text/csv;charset=utf-8');
    });
  return (
    <>
      <button type="button" className="plain" disabled={work.busy} onClick={save}>{work.busy ? walletTexts.csvLoading(count) : walletTexts.csv}</button>
      {work.problem && <p className="bad small" role="alert">{work.problem}</p>}
    </>
  );
}
