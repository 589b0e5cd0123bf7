import { chromium } from '@playwright/test';

/** The path of the whole browser, windows and profiles included. The other tests run in a build without them, where there is one. */
export function wholeChromium(): string {
  return process.env['PETREL_CHROMIUM'] ?? chromium.executablePath();
}
