/**
 * The client's settings: one typed object, each with its default, unit and reason. Precedence: URL, then network file,
 * then the default.
 * @module
 */

import type { SettingName } from '../base/setting-names.ts';
import { CodedError } from '../base/coded-error.ts';

interface IntegerSetting {
  readonly kind: 'integer';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly reason: string;
}
interface FlagSetting {
  readonly kind: 'flag';
  readonly default: boolean;
  readonly reason: string;
}
interface ListSetting {
  readonly kind: 'list';
  readonly default: readonly string[];
  readonly maxItems: number;
  readonly pattern: RegExp;
  readonly reason: string;
}
interface ChoiceSetting {
  readonly kind: 'choice';
  readonly default: string;
  readonly values: readonly string[];
  readonly reason: string;
}
type Definition = IntegerSetting | FlagSetting | ListSetting | ChoiceSetting;

export const settingDefinitions = {
  seeds: {
    kind: 'list', default: [], maxItems: 32, pattern: /^\/[\x21-\x7e]{1,255}$/,
    reason: 'Multiaddresses asked first instead of the seeds of the network; none: those of the network.',
  },
  desiredPeers: {
    kind: 'integer', default: 6, min: 1, max: 64, unit: 'peers',
    reason: 'Three are needed for consensus; as many again, so that the loss of some changes nothing. Each costs a share of the gossip.',
  },
  maxPeers: { kind: 'integer', default: 12, min: 1, max: 128, unit: 'peers', reason: 'Twice what is wanted: room for peers that come by themselves.' },
  minPeers: { kind: 'integer', default: 3, min: 1, max: 64, unit: 'peers', reason: 'Peers in live sync that make a consensus; the official client has 3 (Albatross block reference, 7).' },
  witnesses: {
    kind: 'integer', default: 3, min: 1, max: 16, unit: 'peers',
    reason: 'Peers that must agree on the first election block before it is taken on trust. One more lie than two neighbours can tell.',
  },
  witnessWait: { kind: 'integer', default: 5_000, min: 0, max: 600_000, unit: 'milliseconds', reason: 'With fewer witnesses than that we wait so long for more before we go on and say so.' },
  trustAtLeast: {
    kind: 'choice', default: 'witnessed', values: ['witnessed', 'pinned', 'proven'],
    reason: 'What the chain must rest on before it counts as established. With `proven` no peer has to be trusted, and the first start takes as long as the way from genesis.',
  },
  allowInsecure: { kind: 'flag', default: false, reason: 'Dial ws:// on other hosts than this one besides wss://. A page served over https cannot.' },
  staleBlocks: {
    kind: 'integer', default: 60, min: 3, max: 100_000, unit: 'block times',
    reason: 'So long without a new head it is called stale, and peers are exchanged. Ten producers that fail one after the other take less.',
  },
  prove: {
    kind: 'flag', default: true,
    reason: 'Verify the past in the background, up to what was taken on trust. On the main network some 25 MB once; who pays for each may want to do without.',
  },
  storageCap: {
    kind: 'integer', default: 20_000_000, min: 8_000_000, max: 900_000_000, unit: 'bytes',
    reason: 'Most that is stored for one network: twenty years of election headers. What a chain rests on needs up to 5 MB of it.',
  },
  uploadCap: {
    kind: 'integer', default: 50_000_000, min: 0, max: 900_000_000, unit: 'bytes an hour',
    reason: 'Most that is given to other Petrel clients: twice the whole way from genesis on the main network, or a dozen that follow for as long. 0: nothing is given.',
  },
  relays: {
    kind: 'list', default: [], maxItems: 4, pattern: /^\/[\x21-\x7e]{1,255}\/tcp\/\d{1,5}\/(?:tls\/)?wss?(?:\/p2p\/[A-Za-z0-9]{1,128})?$/,
    reason: 'Multiaddresses of relays at which other browsers reach this one; none: it reaches and is reached by none.',
  },
  iceServers: {
    kind: 'list', default: [], maxItems: 8, pattern: /^(?:stuns?|turns?):[\x21-\x7e]{1,255}$/,
    reason: 'STUN and TURN servers for links with other browsers. None by default: whoever runs one learns who talks with whom.',
  },
  relayCap: {
    kind: 'integer', default: 2_000_000, min: 20_000, max: 900_000_000, unit: 'bytes an hour',
    reason: 'Most that goes through relays: whoever runs one gives it away. A link takes some 10 kB of it for its first words, so these are two hundred links.',
  },
  rtcProxy: { kind: 'flag', default: false, reason: 'Data channels stay in the page instead of its pump: for comparison, and where a pump makes trouble.' },
  headersOnly: {
    kind: 'flag', default: false,
    reason: 'Of chains that sync by the engine: fetch signed headers without what is in the blocks. For whoever pays for each byte; proofs are then asked of peers.',
  },
  ownerJournal: { kind: 'flag', default: false, reason: 'For tests: every transaction that writes to the database notes which hub it was.' },
  logEntries: { kind: 'integer', default: 500, min: 10, max: 10_000, unit: 'entries', reason: 'Some minutes of a busy client; about 100 kB.' },
} as const satisfies Readonly<Record<SettingName, Definition>>;

type Definitions = typeof settingDefinitions;
export type Settings = {
  readonly [K in SettingName]: Definitions[K] extends { readonly kind: 'choice'; readonly values: readonly (infer V)[] }
    ? V
    : Definitions[K]['kind'] extends 'integer'
      ? number
      : Definitions[K]['kind'] extends 'flag'
        ? boolean
        : readonly string[];
};

/** `unknown-setting`, or `wrong-value` with what was expected and what came. */
export class SettingsError extends CodedError<'unknown-setting' | 'wrong-value'> {
  override readonly name = 'SettingsError';
  readonly setting: string;
  readonly source: SettingsSource;
  constructor(code: SettingsError['code'], setting: string, source: SettingsSource, message: string) {
    super(code, message, { setting, from: source });
    this.setting = setting;
    this.source = source;
  }
}

export type SettingsSource = 'url' | 'network';

/** Values by name. From a URL they are strings: `12`, `true`, `a,b`; elsewhere they may have their own type. */
export type SettingsValues = Readonly<Record<string, unknown>>;

/**
 * The settings in force. Each given value is checked, even one that a stronger source overrules.
 * @throws SettingsError
 */
export function resolveSettings(sources: { readonly [S in SettingsSource]?: SettingsValues | undefined } = {}): Settings {
  const settings: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(settingDefinitions)) settings[name] = definition.default;
  for (const source of ['network', 'url'] as const) {
    for (const [name, value] of Object.entries(valuesOf(sources[source], source))) {
      if (value === undefined) continue;
      if (!Object.hasOwn(settingDefinitions, name)) throw new SettingsError('unknown-setting', name, source, `there is no setting '${name}'`);
      settings[name] = valueOf(settingDefinitions[name as SettingName], value, name, source);
    }
  }
  return settings as Settings;
}

/** A list or a text has entries too, and a number has none: neither is taken for settings. */
function valuesOf(values: unknown, source: SettingsSource): SettingsValues {
  if (values === undefined) return {};
  if (typeof values === 'object' && values !== null && !Array.isArray(values)) return values as SettingsValues;
  throw new SettingsError('wrong-value', 'settings', source, `settings: expected an object of names and values, got ${shown(values)}`);
}

/** Only plain values are shown as they are: a list or an object may be nested deeply. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function' ? typeof value : JSON.stringify(value);
}

function valueOf(definition: Definition, value: unknown, name: string, source: SettingsSource): unknown {
  const wrong = (expected: string): SettingsError => new SettingsError('wrong-value', name, source, `${name}: expected ${expected}, got ${shown(value)}`);
  switch (definition.kind) {
    case 'integer': {
      const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
      const fits = typeof number === 'number' && Number.isInteger(number) && number >= definition.min && number <= definition.max;
      if (!fits) throw wrong(`a whole number of ${definition.unit} from ${definition.min} to ${definition.max}`);
      return number;
    }
    case 'flag':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw wrong('true or false');
    case 'choice':
      if (typeof value === 'string' && definition.values.includes(value)) return value;
      throw wrong(`one of ${definition.values.join(', ')}`);
    case 'list': {
      const list: unknown = typeof value === 'string' ? value.split(',').filter((item) => item !== '') : value;
      const fits = Array.isArray(list) && list.length <= definition.maxItems && list.every((item) => typeof item === 'string' && definition.pattern.test(item));
      if (!fits) throw wrong(`at most ${definition.maxItems} texts like ${definition.pattern.source}`);
      return list;
    }
  }
}
