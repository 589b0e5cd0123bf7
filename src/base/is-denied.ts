/**
 * Whether the data of a `no-answer` says that peers were heard and denied what was asked for. If none was heard (`unheard` of those `asked`), it
 * may exist; and where some were not heard, the word of one does not suffice. The fields may come from another thread: any value is accepted.
 */
export function isDenied({ reason, asked, unheard }: { readonly reason?: unknown; readonly asked?: unknown; readonly unheard?: unknown }): boolean {
  const all = typeof asked === 'number' ? asked : 1;
  const silent = typeof unheard === 'number' ? unheard : reason === 'timeout' || reason === 'disconnected' ? all : 0;
  return all - silent >= (silent === 0 ? 1 : 2);
}
