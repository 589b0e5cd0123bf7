import { proofHref } from './route.ts';

const changed = new EventTarget();
let given: File | undefined;

/** The file that was given to the page last: dropped, pasted, chosen, or opened with the installed app. */
export const givenFile = {
  get: (): File | undefined => given,
  subscribe(onChange: () => void): () => void {
    changed.addEventListener('', onChange);
    return () => changed.removeEventListener('', onChange);
  },
};

/** Opens the page of proof files with this file. */
export function giveFile(file: File): void {
  given = file;
  location.hash = proofHref;
  changed.dispatchEvent(new Event(''));
}

/** From now on a file that is dropped or pasted anywhere on the page is opened. */
export function takeFiles(): void {
  const take = (event: Event, data: DataTransfer | null) => {
    if (!data?.types.includes('Files')) return;
    // Otherwise the browser would leave the page and show the file.
    event.preventDefault();
    // While a file is only dragged over the page, browsers do not give it yet.
    if (data.files[0]) giveFile(data.files[0]);
  };
  addEventListener('dragover', (event) => take(event, event.dataTransfer));
  addEventListener('drop', (event) => take(event, event.dataTransfer));
  addEventListener('paste', (event) => take(event, event.clipboardData));
}
