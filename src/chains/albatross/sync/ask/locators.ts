import type { LightChain } from '../../chain/light-chain.ts';
import type { Hash } from '../../../../base/hash.ts';

/** 2.x nodes answer `TooManyLocators` above this. Albatross network reference, 3.5. */
const maxLocators = 100;

/**
 * Locators for `RequestMissingBlocks`, newest first: the head, then every block of the main chain back to and including the last macro
 * block, as far as we hold them. `extra`: the last block of an answer that is not on our main chain, from which to continue. Albatross
 * block reference, section 7.
 */
export function blockLocators(chain: Pick<LightChain, 'head' | 'macroHead' | 'blockAt'>, extra?: Hash): Hash[] {
  const locators = extra === undefined || extra === chain.head.hash ? [chain.head.hash] : [extra, chain.head.hash];
  for (let height = chain.head.height - 1; height >= chain.macroHead.height && locators.length < maxLocators - 1; height -= 1) {
    const hash = chain.blockAt(height)?.hash;
    if (hash !== undefined) locators.push(hash);
  }
  // After a restore there can be holes. Every peer on our chain has the macro block, so it is always added.
  if (!locators.includes(chain.macroHead.hash)) locators.push(chain.macroHead.hash);
  return locators;
}

/** Locators for `RequestMacroChain`: macro blocks only, since nodes cannot answer for a micro block. Albatross block reference, 6.1 and 6.4. */
export function macroLocators(chain: Pick<LightChain, 'macroHead' | 'electionHead'>): Hash[] {
  const { macroHead, electionHead } = chain;
  return macroHead.hash === electionHead.hash ? [electionHead.hash] : [macroHead.hash, electionHead.hash];
}
