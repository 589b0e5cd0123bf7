import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces what stands in a Markdown file between `<!-- name -->` and `<!-- /name -->`. Where there is no such place it is put at the
 * end, under the heading; where there is no file, it is made with the title.
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
