import { expect, type Page } from '@playwright/test';
import type { DevnetProcess } from '../devnet.ts';

/** Errors of a page and of its scripts, and what its server refused. */
export interface Complaints {
  readonly list: string[];
  /** For a server: takes note of answers from 400 on. */
  readonly onAnswer: (path: string, status: number) => void;
  watch(page: Page): void;
}

export function complaints(): Complaints {
  const list: string[] = [];
  return {
    list,
    // A browser asks for the icon by itself.
    onAnswer: (path, status) => void (status >= 400 && path !== '/favicon.ico' && list.push(`${status} ${path}`)),
    watch(page) {
      page.on('console', (message) => void (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico') && list.push(message.text())));
      page.on('pageerror', (error) => void list.push(String(error)));
    },
  };
}

/**
 * Follows the network through the page's client (`globalThis.petrel`) to its head, and on. The head has to be verified, the hub a SharedWorker, and what a page
 * lends has to compute on this back end (or on BigInt, for this reason).
 */
export async function follow(page: Page, devnet: DevnetProcess, backEnd: 'wasm' | 'csp'): Promise<void> {
  await untilHead(page, devnet);
  await devnet.produce(20);
  await untilHead(page, devnet);
  await expect.poll(() => backEndsOf(page)).toEqual([backEnd]);
}

async function untilHead(page: Page, devnet: DevnetProcess): Promise<void> {
  const read = () =>
    page.evaluate(async () => {
      const client = globalThis.petrel;
      if (!client) return undefined;
      const [{ phase, host }, { latest }] = await Promise.all([client.getStatus(), client.getHead()]);
      return { phase, host: host.kind, hash: latest.hash, verified: latest.trust !== 'claimed' };
    });
  await expect.poll(read).toEqual({ phase: 'established', host: 'shared-worker', hash: devnet.head.hash, verified: true });
}

/** Of the workers that have had a job, each one once. */
function backEndsOf(page: Page): Promise<readonly unknown[]> {
  return page.evaluate(async () => {
    const client = petrel!;
    const [status, log] = await Promise.all([client.getStatus(), client.getLog()]);
    const ended = log.filter(({ code, data }) => code === 'verifier-ended' && Number(data?.['jobs']) > 0).map(({ data }) => data?.['reason'] ?? data?.['backend']);
    const at = status.verification.verifiers.filter(({ done }) => done > 0).map(({ reason, backend }) => reason ?? backend);
    return [...new Set([...ended, ...at])];
  });
}
