/** What Moloch tells of events. */

/** An event with its place. Its block is final, and has it under its events root. */
export interface MolochEventView {
  /** 64 lower-case hex digits. */
  readonly id: string;
  readonly height: number;
  readonly blockHash: string;
  /** In its block. */
  readonly index: number;
  /** The event with its attestation, in the bytes of the wire. */
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Unix milliseconds. */
  readonly time: number;
  /** Key of its actor. */
  readonly actor: string;
  readonly resource: string;
}

/** An event of a block that was rolled back. */
export interface MolochReturnedEvent {
  /** 64 lower-case hex digits. */
  readonly id: string;
  readonly type: string;
  /** Unix milliseconds. */
  readonly time: number;
  /** The kind and the name of what it is about. */
  readonly resource: string;
}
