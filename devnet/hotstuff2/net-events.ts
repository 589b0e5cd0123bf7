/** What a local network tells, as JSON lines on its output. Heights and views are numbers, hashes hex. */
export type HotStuff2NetEvent =
  | { readonly event: 'started'; readonly network: string; readonly genesisHash: string; readonly seed: string; readonly replicas: readonly { readonly index: number; readonly address: string }[] }
  /** The first replica has made it final. */
  | { readonly event: 'final'; readonly height: number; readonly view: number; readonly hash: string; readonly validators: string }
  /** The first replica has a certificate for it. */
  | { readonly event: 'certified'; readonly height: number; readonly view: number; readonly hash: string }
  | { readonly event: 'timeout'; readonly replica: number; readonly view: number }
  | { readonly event: 'dropped'; readonly replica: number; readonly rule: string }
  | { readonly event: 'replica-stopped' | 'replica-started'; readonly replica: number }
  | { readonly event: 'partition'; readonly groups: readonly (readonly number[])[] | undefined }
  | { readonly event: 'fault'; readonly replica: number; readonly fault: string }
  | { readonly event: 'announced'; readonly validators: string }
  | { readonly event: 'client-joined' | 'client-left'; readonly replica: number; readonly client: number }
  | { readonly event: 'refused'; readonly replica: number; readonly client: number; readonly code: number }
  /** Two final blocks, or two certified ones of one view, exclude each other. A correct network never tells this. */
  | { readonly event: 'conflict'; readonly replica: number; readonly height: number; readonly view: number; readonly hash: string };
