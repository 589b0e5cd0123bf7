import { fieldsOf, isAddress, isText } from './fields.ts';
import type { KeptValue } from './kept-value.ts';

/** Names that the person gave to other people's addresses. They never leave this browser. */
export type Labels = Readonly<Record<string, string>>;

/** Characters of a label, and entries in the book. */
export const MAX_LABEL = 60;
const MAX_LABELS = 1000;

export function readLabels(stored: unknown): Labels {
  return Object.fromEntries(Object.entries(fieldsOf(stored)).filter((entry): entry is [string, string] => isAddress(entry[0]) && isText(entry[1], MAX_LABEL)).slice(0, MAX_LABELS));
}

/** An empty name removes the entry. */
export function setLabel(labels: KeptValue<Labels>, address: string, name: string): void {
  const label = name.trim().slice(0, MAX_LABEL);
  labels.update((before) => {
    const others = Object.entries(before).filter(([each]) => each !== address);
    return Object.fromEntries(label === '' ? others : [...others, [address, label]].slice(-MAX_LABELS));
  });
}
