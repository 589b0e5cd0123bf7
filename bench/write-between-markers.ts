import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces the text of a Markdown file between `<!-- name -->` and `<!-- /name -->`. If the markers are missing, it appends them
 * under the heading; if the file is missing, it makes one with the title.
 */
export function writeBetweenMarkers(file: string, name: string, content: string, { title, heading }: { readonly title: string; readonly heading: string }): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const part = `${begin}\n${content}\n${end}`;
  const text = existsSync(file) ? readFileSync(file, 'utf8') : `# ${title}\n`;
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  const whole = from >= 0 && to > from ? `${text.slice(0, from)}${part}${text.slice(to + end.length)}` : `${text.trimEnd()}\n\n## ${heading}\n\n${part}\n`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, whole);
}
