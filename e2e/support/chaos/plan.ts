import { seededRandom } from '../../../devnet/seeded-random.ts';

/** Where the hub runs. */
export const hosts = ['shared', 'elected', 'single'] as const;
export type HostName = (typeof hosts)[number];

/** Tabs are numbered in the order of their opening. Builds: 0, and 1 for a later one. */
export type Action =
  | { readonly do: 'open'; readonly tab: number; readonly build: 0 | 1 }
  | { readonly do: 'close' | 'reload' | 'freeze' | 'thaw' | 'call' | 'kill' | 'hang'; readonly tab: number }
  | { readonly do: 'wake' }
  | { readonly do: 'stop' | 'start'; readonly peer: number }
  | { readonly do: 'produce'; readonly n: number }
  /** Check the invariants. */
  | { readonly do: 'judge' };

export const MAX_TABS = 6;
export const PEERS = 5;

/** Minimum number of running peers: as many as consensus needs. */
const LEAST_PEERS = 3;

/** Maximum number of hangs that one page meets. After one more it would rightly give up. */
const MAX_HANGS = 3;

/** Actions between two checks. */
const JUDGE_EVERY = 10;

interface PlannedTab {
  readonly build: 0 | 1;
  frozen: boolean;
  hangs: number;
}

const weights = { open: 16, close: 10, reload: 12, freeze: 8, thaw: 12, call: 8, kill: 6, hang: 1, wake: 8, stop: 6, start: 8, produce: 16 } as const;
type Kind = keyof typeof weights;

/**
 * The actions of a seed, without their results: the same seed gives the same actions. It leaves out actions that must fail. For
 * example, if all tabs of a newer build are frozen, its shared hub owns the chain and rightly does nothing.
 */
export function planChaos(seed: string, actions: number, host: HostName): readonly Action[] {
  const random = seededRandom(seed, 'chaos');
  const below = (bound: number) => Math.floor(random.next() * bound);
  const pick = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
  const tabs = new Map<number, PlannedTab>();
  const stopped = new Set<number>();
  const plan: Action[] = [];
  let nextTab = 1;
  let hung = false;

  const ids = (fits: (tab: PlannedTab) => boolean) => Array.from(tabs).flatMap(([id, tab]) => (fits(tab) ? [id] : []));
  const awake = () => ids(({ frozen }) => !frozen);
  const goesOnWithout = (id: number): boolean => {
    const others = Array.from(tabs).flatMap(([other, tab]) => (other === id ? [] : [tab]));
    const newest = Math.max(...others.map(({ build }) => build), tabs.get(id)!.build);
    return host !== 'shared' || others.some(({ build, frozen }) => build === newest && !frozen);
  };
  /** The tabs that a hanging hub affects: all awake tabs of its build, or only one where each tab has its own hub. */
  const concerned = (id: number) => (host === 'single' ? [tabs.get(id)!] : Array.from(tabs.values()).filter(({ build, frozen }) => !frozen && build === tabs.get(id)!.build));

  const make: Readonly<Record<Kind, () => Action | undefined>> = {
    open() {
      if (tabs.size >= MAX_TABS) return undefined;
      const build = below(4) === 0 ? 1 : 0;
      const tab = nextTab++;
      tabs.set(tab, { build, frozen: false, hangs: 0 });
      return { do: 'open', tab, build };
    },
    close() {
      // Keep a tab open, because without any tab there is nothing to check.
      const tab = awake().length > 1 ? pick(ids(() => true).filter((id) => goesOnWithout(id) || ids(({ build }) => build === tabs.get(id)!.build).length === 1)) : undefined;
      if (tab === undefined || (!tabs.get(tab)!.frozen && awake().length < 2)) return undefined;
      tabs.delete(tab);
      return { do: 'close', tab };
    },
    reload() {
      const tab = pick(awake());
      if (tab === undefined) return undefined;
      tabs.get(tab)!.hangs = 0;
      return { do: 'reload', tab };
    },
    freeze() {
      const tab = awake().length > 1 ? pick(awake().filter(goesOnWithout)) : undefined;
      if (tab === undefined) return undefined;
      tabs.get(tab)!.frozen = true;
      return { do: 'freeze', tab };
    },
    thaw() {
      const tab = pick(ids(({ frozen }) => frozen));
      if (tab === undefined) return undefined;
      tabs.get(tab)!.frozen = false;
      return { do: 'thaw', tab };
    },
    call: () => about('call', pick(awake())),
    kill: () => about('kill', pick(awake())),
    hang() {
      const tab = hung ? undefined : pick(awake().filter((id) => concerned(id).every(({ hangs }) => hangs < MAX_HANGS)));
      if (tab === undefined) return undefined;
      for (const each of concerned(tab)) each.hangs += 1;
      hung = true;
      return { do: 'hang', tab };
    },
    wake() {
      if (!hung) return undefined;
      hung = false;
      return { do: 'wake' };
    },
    stop() {
      const peer = PEERS - stopped.size > LEAST_PEERS ? pick(peers().filter((id) => !stopped.has(id))) : undefined;
      if (peer === undefined) return undefined;
      stopped.add(peer);
      return { do: 'stop', peer };
    },
    start() {
      const peer = pick([...stopped]);
      if (peer === undefined) return undefined;
      stopped.delete(peer);
      return { do: 'start', peer };
    },
    produce: () => ({ do: 'produce', n: 1 + below(3) }),
  };

  const kinds = Object.keys(weights) as Kind[];
  const sum = kinds.reduce((total, kind) => total + weights[kind], 0);
  /** One hang at a fixed position, so that every run has one; other hangs are random. */
  const certainHang = Math.floor(actions / 3);
  for (let count = 0; count < actions; ) {
    let at = below(sum);
    let kind = kinds.find((each) => (at -= weights[each]) < 0)!;
    if (tabs.size === 0) kind = 'open';
    else if (count === certainHang && !hung) kind = 'hang';
    const action = make[kind]() ?? make.produce()!;
    plan.push(action);
    count += 1;
    if (count % JUDGE_EVERY === 0 || count === actions) plan.push({ do: 'judge' });
  }
  return plan;

  function about(what: 'call' | 'kill', tab: number | undefined): Action | undefined {
    return tab === undefined ? undefined : { do: what, tab };
  }
}

function peers(): readonly number[] {
  return Array.from({ length: PEERS }, (_, peer) => peer);
}

export function told(action: Action): string {
  return Object.values(action).join(' ');
}
