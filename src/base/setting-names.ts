/** The client's settings by name; `src/engine/settings.ts` explains each. A page reads only these from its address. */
export const settingNames = [
  'seeds', 'desiredPeers', 'maxPeers', 'minPeers', 'witnesses', 'witnessWait', 'trustAtLeast', 'allowInsecure', 'staleBlocks', 'prove', 'storageCap',
  'uploadCap', 'relays', 'iceServers', 'relayCap', 'rtcProxy', 'headersOnly', 'ownerJournal', 'logEntries',
] as const;

export type SettingName = (typeof settingNames)[number];
