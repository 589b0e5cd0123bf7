/** What the frame keeps for its host, as texts by name. `memory`: the browser refuses storage in this frame, so it lasts as long as the frame. */
export interface Kept {
  readonly kind: 'stored' | 'memory';
  get(name: string): string | undefined;
  set(name: string, text: string): void;
}

/** @param open gives the storage; throws where site data is blocked. */
export function keptIn(open: () => Pick<Storage, 'getItem' | 'setItem'>): Kept {
  const memory = new Map<string, string>();
  let storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  try {
    storage = open();
    storage.getItem('petrel');
  } catch {
    storage = undefined;
  }
  return {
    kind: storage ? 'stored' : 'memory',
    get: (name) => memory.get(name) ?? storage?.getItem(name) ?? undefined,
    set(name, text) {
      try {
        if (!storage) throw new Error('no storage');
        storage.setItem(name, text);
        memory.delete(name);
      } catch {
        memory.set(name, text);
      }
    },
  };
}
