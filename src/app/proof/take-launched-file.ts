import { giveFile } from '../given-file.ts';

/** The used part of the File Handling API: the files with which the system opened the installed app. */
interface LaunchQueue {
  setConsumer(consume: (launch: { readonly files?: readonly { getFile(): Promise<File> }[] }) => void): void;
}

let taken = false;

/** Opens the files that the system gives to the installed app, now and later. Browsers keep them until the first call. */
export function takeLaunchedFile(queue = (globalThis as { readonly launchQueue?: LaunchQueue }).launchQueue): void {
  if (taken) return;
  taken = true;
  queue?.setConsumer(({ files }) => void files?.[0]?.getFile().then(giveFile, () => undefined));
}
