import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const pages = ['README.md', 'src/package/README.md', ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))];

/** The page's text without its code blocks. */
const textOf = (page: string) => readFileSync(join(root, page), 'utf8').replace(/^```.*?^```/gmsu, '');

/** Targets of links and pictures that are no addresses on the web. */
const targetsOf = (page: string) => [...textOf(page).matchAll(/\]\(([^)\s]+)\)/gu)].flatMap(([, target = '']) => (/^[a-z]+:/u.test(target) ? [] : [target]));

/** The names of a page's headings in its address, as code hosts make them. */
const anchorsOf = (page: string) =>
  [...textOf(page).matchAll(/^#+ (.+)$/gmu)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\p{Letter}\p{Number}\s_-]/gu, '').replace(/\s/gu, '-'));

it('every relative link of the documentation leads somewhere', () => {
  const links = pages.flatMap((page) => targetsOf(page).map((target) => ({ page, target })));
  const dead = links.filter(({ page, target }) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : relative(root, resolve(root, dirname(page), path));
    return file.startsWith('..') || !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
  });
  expect(links.length).toBeGreaterThan(pages.length);
  expect(dead).toEqual([]);
});

it('a page of the documentation that another one mentions is linked', () => {
  const named = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md').join('|').replaceAll('.', '\\.');
  const plain = pages.flatMap((page) => [...textOf(page).matchAll(new RegExp(`\`(?:docs/)?(?:${named})\``, 'gu'))].map(([mention]) => `${page}: ${mention}`));
  expect(plain).toEqual([]);
});

it('the list of pages in docs has every page', () => {
  const listed = targetsOf('docs/README.md').map((target) => `docs/${target}`);
  expect(pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md' && !listed.includes(page))).toEqual([]);
});
