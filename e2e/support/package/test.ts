import type { Page } from '@playwright/test';
import { test as base } from '../servers.ts';
import { complaints } from './follow.ts';
import { FreshProject } from './fresh-project.ts';
import { packedBefore } from './pack.ts';

interface TestFixtures {
  /** A project with the package installed. */
  readonly project: (files: Readonly<Record<string, string>>, links?: readonly string[]) => FreshProject;
  /** Errors of pages, and server answers with status 400 or above. A test fails if any are left at its end. */
  readonly watched: ReturnType<typeof complaints>;
  /** Opens the page in a new tab, watched. */
  readonly open: (url: string) => Promise<Page>;
}

/** Tests of the packed file, in projects of a user. */
export const test = base.extend<TestFixtures, { readonly installed: FreshProject }>({
  // Once a worker, because each run of npm takes seconds.
  installed: [async ({}, use) => {
    const installed = await FreshProject.install(packedBefore().file);
    await use(installed);
    installed.remove();
  }, { scope: 'worker' }],

  project: async ({ installed }, use) => {
    const made: FreshProject[] = [];
    await use((files, links) => {
      const project = installed.copy(files, links);
      made.push(project);
      return project;
    });
    for (const project of made) project.remove();
  },

  watched: async ({}, use) => {
    const watched = complaints();
    await use(watched);
    base.expect(watched.list, 'errors of the page, and answers from 400 on').toEqual([]);
  },

  open: async ({ context, watched }, use) => {
    await use(async (url) => {
      const page = await context.newPage();
      watched.watch(page);
      await page.goto(url);
      return page;
    });
  },
});

export const { expect } = base;
