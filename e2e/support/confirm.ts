import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import type { ConfirmAnswer, ConfirmRequest } from '../../src/widget/confirm-messages.ts';
import { bundle } from './bundle.ts';
import type { DevnetProcess } from './devnet.ts';
import { expect } from './fixtures.ts';
import type { Site } from './servers.ts';

export const PASSWORD = 'correct horse';

/** The probe's code; built once for each process. */
let probe: Promise<string> | undefined;

async function probeCode(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'petrel-vault-'));
  try {
    await bundle('e2e/support/vault-probe.ts', folder, 'vault-probe');
    return readFileSync(join(folder, 'vault-probe.js'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A page of the wallet's own origin that shows nothing, in the place of the widget's frame. In it, `import('/vault-probe.js')` is the vault. */
export async function ownPage(context: BrowserContext, site: Site): Promise<Page> {
  probe ??= probeCode();
  const body = await probe;
  await context.route('**/vault-probe.js', (route) => route.fulfill({ contentType: 'text/javascript', body }));
  const page = await context.newPage();
  await page.goto(`${site.url}licences.txt`);
  return page;
}

/** Puts a private key into the vault of this browser. Resolves with its address. */
export async function importKey(page: Page, privateKey: string, label: string): Promise<string> {
  return page.evaluate(
    `import('/vault-probe.js').then(async ({ openVault }) => {
      const vault = await openVault();
      const account = await vault.importPrivateKey(${JSON.stringify(privateKey)}, { password: ${JSON.stringify(PASSWORD)}, label: ${JSON.stringify(label)} });
      await vault.close();
      return account.addresses[0].address;
    })`,
  );
}

const settings = (devnet: DevnetProcess | undefined) => (devnet ? `?${new URLSearchParams({ seeds: devnet.seeds, staleBlocks: '100000' })}` : '');

/** Opens `/confirm` for a request as the widget's frame does. */
export async function openConfirm(opener: Page, request: ConfirmRequest, devnet?: DevnetProcess): Promise<{ readonly popup: Page; readonly answer: () => Promise<ConfirmAnswer> }> {
  const opened = opener.waitForEvent('popup');
  const slot = `answer-${request.nonce}`;
  await opener.evaluate(
    ({ url, request, slot }) => {
      const popup = window.open(url, '_blank', 'popup,width=460,height=760');
      (globalThis as Record<string, unknown>)[slot] = new Promise((resolve) => {
        addEventListener('message', ({ data, source, origin }) => {
          if (source !== popup || origin !== location.origin || (data as { readonly petrelConfirm?: unknown } | null)?.petrelConfirm !== 1) return;
          const { port1, port2 } = new MessageChannel();
          port1.addEventListener('message', (event) => resolve(event.data));
          port1.start();
          popup?.postMessage({ petrelRequest: request }, location.origin, [port2]);
        });
      });
    },
    { url: `/confirm${settings(devnet)}`, request, slot },
  );
  return { popup: await opened, answer: () => opener.evaluate((slot) => (globalThis as Record<string, unknown>)[slot] as Promise<ConfirmAnswer>, slot) };
}

/** The address of `/confirm` for a site that cannot talk to a window of its own. */
export function linkTo(site: Site, request: unknown, back: string, devnet?: DevnetProcess): string {
  const fragment = new URLSearchParams({ request: Buffer.from(JSON.stringify(request)).toString('base64url'), return: back });
  return `${site.url}confirm${settings(devnet)}#${fragment}`;
}

/** The answer with which the page came back. */
export async function returned(page: Page, back: string): Promise<ConfirmAnswer> {
  await page.waitForURL((url) => url.href.startsWith(`${back}#answer=`));
  return JSON.parse(Buffer.from(new URL(page.url()).hash.slice('#answer='.length), 'base64url').toString()) as ConfirmAnswer;
}

/** Until input counts, half a second after the page appeared. */
export const untilReady = (popup: Page) => expect(popup.getByTestId('actions')).toHaveAttribute('data-ready', 'true');

/** Until all that is signed was in view: otherwise nothing can be confirmed. */
export async function seeAll(popup: Page): Promise<void> {
  await popup.locator('.end-of-facts').evaluate((end) => end.scrollIntoView({ block: 'center' }));
  await expect(popup.getByTestId('hint')).not.toContainText('Scroll down');
}

/** An act that closes the window, perhaps before the browser has confirmed the act. */
export async function closing(popup: Page, act: Promise<void>): Promise<void> {
  await act.catch((error: unknown) => {
    if (!popup.isClosed()) throw error;
  });
}
