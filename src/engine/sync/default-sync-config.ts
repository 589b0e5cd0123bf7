import { SyncError } from './sync-error.ts';
import type { SyncConfig } from './sync-config.ts';

interface Whole {
  readonly kind: 'whole';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly reason: string;
}
interface Flag {
  readonly kind: 'flag';
  readonly default: boolean;
  readonly reason: string;
}
interface Choice {
  readonly kind: 'choice';
  readonly default: string;
  readonly values: readonly string[];
  readonly reason: string;
}

/** Every setting of the sync with its unit, bounds and reason (HotStuff-2 reference, 7.9). */
export const syncSettings = {
  defaultStrategy: { kind: 'choice', default: 'auto', values: ['auto', 'fast', 'incremental', 'parallel'], reason: 'The gap decides. A test or a person may force one.' },
  strategySwitchThreshold: { kind: 'whole', default: 128, min: 0, max: 1_000_000, unit: 'blocks', reason: 'Two requests: a smaller gap is not worth dividing among peers.' },
  maxBehindBlocks: { kind: 'whole', default: 32, min: 1, max: 100_000, unit: 'blocks', reason: 'Fewer are fetched by the live following itself, in one request.' },
  maxSyncPeers: { kind: 'whole', default: 8, min: 1, max: 64, unit: 'peers', reason: 'As many as requests in flight: each has one.' },
  peerRotationInterval: { kind: 'whole', default: 60_000, min: 1_000, max: 3_600_000, unit: 'milliseconds', reason: 'Some dozen requests: enough to know a peer.' },
  peerTimeout: { kind: 'whole', default: 10_000, min: 100, max: 120_000, unit: 'milliseconds', reason: 'A full answer of 8 MB on a line of 8 Mbit/s takes 8 s.' },
  parallelDownloadLimit: { kind: 'whole', default: 8, min: 1, max: 64, unit: 'requests', reason: 'Half of what one peer accepts at a time (HotStuff-2 reference, 4).' },
  blockBatchSize: { kind: 'whole', default: 64, min: 1, max: 256, unit: 'blocks', reason: 'An answer holds at most 256 blocks; 64 keep it below a second on a slow line.' },
  validationPipelineSize: { kind: 'whole', default: 256, min: 1, max: 65_536, unit: 'blocks', reason: 'Four requests: the check never waits for the line, and memory stays small.' },
  maxDownloadBandwidth: { kind: 'whole', default: 0, min: 0, max: 1_000_000_000, unit: 'bytes a second', reason: '0: no limit. A person with a small line sets one.' },
  connectionTimeout: { kind: 'whole', default: 10_000, min: 100, max: 120_000, unit: 'milliseconds', reason: 'TCP, TLS and the handshake of a distant host take below 2 s; a blackhole takes for ever.' },
  retryAttempts: { kind: 'whole', default: 3, min: 0, max: 100, unit: 'attempts', reason: 'More than three failures of one request mean that no peer has the blocks.' },
  progressReportInterval: { kind: 'whole', default: 500, min: 50, max: 60_000, unit: 'milliseconds', reason: 'A person sees a bar move at two steps a second.' },
  performanceMonitoring: { kind: 'flag', default: true, reason: 'The samples are bounded and cheap.' },
  checkEachCertificate: { kind: 'flag', default: false, reason: 'Hashes bind a run to its newest block, so that one certificate proves all.' },
} as const satisfies Readonly<Record<keyof SyncConfig, Whole | Flag | Choice>>;

const defaults = Object.fromEntries(Object.entries(syncSettings).map(([name, { default: value }]) => [name, value]));

export const DEFAULT_SYNC_CONFIG: SyncConfig = defaults as unknown as SyncConfig;

/**
 * The defaults with the given values in their places.
 * @throws SyncError `wrong-setting` for a name that does not exist, or a value of another type or out of bounds
 */
export function syncConfig(given: unknown = {}): SyncConfig {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrong('config', 'an object of names and values');
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(syncSettings, name)) throw wrong(name.slice(0, 64), `one of ${Object.keys(syncSettings).join(', ')}`);
    const setting = syncSettings[name as keyof SyncConfig];
    if (setting.kind === 'whole') {
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= setting.min && value <= setting.max;
      if (!fits) throw wrong(name, `a whole number of ${setting.unit} from ${setting.min} to ${setting.max}`);
    } else if (setting.kind === 'flag') {
      if (typeof value !== 'boolean') throw wrong(name, 'true or false');
    } else if (typeof value !== 'string' || !(setting.values as readonly string[]).includes(value)) {
      throw wrong(name, `one of ${setting.values.join(', ')}`);
    }
  }
  return { ...DEFAULT_SYNC_CONFIG, ...(given as Partial<SyncConfig>) };
}

function wrong(setting: string, expected: string): SyncError {
  return new SyncError('wrong-setting', `${setting}: expected ${expected}`, { setting, expected });
}
