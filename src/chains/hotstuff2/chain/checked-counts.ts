/** What of HotStuff-2 was verified since genesis. It is stored, and shown to pages. A type and not an interface, so that it is a `CheckedCounts`. */
export type HotStuff2Counts = {
  /** Blocks that became final here. */
  readonly blocks: number;
  /** Quorum certificates. */
  readonly certificates: number;
  /** As in `CheckedCounts`. */
  readonly milliseconds: number;
};

export const nothingChecked: HotStuff2Counts = { blocks: 0, certificates: 0, milliseconds: 0 };
