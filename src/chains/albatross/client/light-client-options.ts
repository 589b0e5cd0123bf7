import type { NetworkParameters } from '../chain/network.ts';
import type { SyncSettings } from '../sync/settings.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { createAlbatrossNode } from '../net/node.ts';
import type { RtcHost } from '../../../engine/rtc-host.ts';
import type { Store } from '../store/store.ts';
import type { Settings } from '../../../engine/settings.ts';

export interface LightClientOptions {
  readonly network: NetworkParameters;
  /** The store's fencing number has already been taken. The client closes the store. */
  readonly store: Store;
  /**
   * Opens the persistent store and takes its fencing number, for a client that works in memory. Throws `StorageError`. Without this
   * function the client stays in memory.
   */
  readonly reopen?: (() => Promise<Store>) | undefined;
  /** See `ClientStoreOptions`. */
  readonly markWipe?: (() => Promise<boolean>) | undefined;
  readonly verify: Verify;
  /** Makes the WebRTC peer connections. Without it there is no WebRTC. */
  readonly rtc?: RtcHost | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
  readonly createNode?: typeof createAlbatrossNode | undefined;
  /** Overrides single values of the sync settings; for tests. */
  readonly sync?: Partial<SyncSettings> | undefined;
}
