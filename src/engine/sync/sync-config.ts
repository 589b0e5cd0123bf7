/**
 * The settings of a sync: the fields of the HotStuff-2 document's `SyncConfig`.
 * @module
 */

export interface SyncConfig {
  /** `auto` chooses by the gap. Another value is obeyed. Default `auto`. */
  readonly defaultStrategy: 'auto' | 'fast' | 'incremental' | 'parallel';
  /** Blocks. A gap up to this is closed one by one; a larger one fast or in parallel. Default 128: two batches. */
  readonly strategySwitchThreshold: number;
  /** Blocks behind the best proven height from which the client leaves live and syncs. Default 32. */
  readonly maxBehindBlocks: number;
  /** Peers that are asked at the same time; more wait as spares. Default 8. */
  readonly maxSyncPeers: number;
  /** Milliseconds between two exchanges of the worst peer for a better spare. Default 60 000. */
  readonly peerRotationInterval: number;
  /** Milliseconds after which a request that was not answered is given to another peer. Default 10 000. */
  readonly peerTimeout: number;
  /** Requests in flight over all peers. Default 8. */
  readonly parallelDownloadLimit: number;
  /** Blocks in one request, 1 to 256. Default 64. */
  readonly blockBatchSize: number;
  /** Blocks that may wait for verification; fetching pauses above it. Also the most blocks that one certificate covers. Default 256. */
  readonly validationPipelineSize: number;
  /** Bytes a second over all peers; 0: no limit. Default 0. */
  readonly maxDownloadBandwidth: number;
  /** Milliseconds for the connection and its handshake. Default 10 000. */
  readonly connectionTimeout: number;
  /** How often a failed request is repeated at other peers before the sync ends with an error that names height and peers. Default 3. */
  readonly retryAttempts: number;
  /** Milliseconds between two progress events. Default 500. */
  readonly progressReportInterval: number;
  /** Whether the monitor keeps samples. Default true. */
  readonly performanceMonitoring: boolean;
  /** Whether each certificate is checked, instead of the newest of a linked run. Not a field of the document. Default false. */
  readonly checkEachCertificate: boolean;
}
