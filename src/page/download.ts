/** Milliseconds; by then the browser has started the download. */
const KEPT = 60_000;

/** Saves `content` as a file. `type`: its media type. */
export function download(name: string, content: BlobPart, type = ''): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
}
