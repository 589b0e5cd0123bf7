import type { ConfirmAnswer, ConfirmRequest } from './confirm-messages.ts';
import { fromFragment, toFragment } from './fragment.ts';
import { fieldsOf } from './plain-data.ts';
import type { Returned } from './protocol.ts';

/** Where a host's tab remembers what it asked. */
const KEY = 'petrel-redirect';

/** The parts of the host's window that going to `/confirm` needs. */
export interface HostPage {
  readonly location: Pick<Location, 'href' | 'hash'>;
  readonly document: { createElement(name: 'a'): Pick<HTMLAnchorElement, 'href' | 'referrerPolicy' | 'click'> };
  readonly history: Pick<History, 'state' | 'replaceState'>;
  /** Throws where the person blocks all site data. */
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/**
 * Goes from the host's page to `/confirm`; it comes back with the answer in the fragment. For hosts whose isolation keeps a window from
 * talking to the frame.
 * @param confirm the address of `/confirm`.
 * @throws if the host's tab can remember nothing: then the answer could not be told from a forged one.
 */
export function goToConfirm(request: ConfirmRequest, confirm: URL, page: HostPage): void {
  const { hash, href } = page.location;
  page.sessionStorage.setItem(KEY, JSON.stringify({ request, origin: confirm.origin, hash }));
  const target = new URL(confirm);
  target.hash = new URLSearchParams({ request: toFragment(request), return: href.replace(/#.*$/u, '') }).toString();
  const link = page.document.createElement('a');
  link.href = target.href;
  // `/confirm` takes a request only from the site that it names, also where the site's own policy says nothing of itself to other sites.
  link.referrerPolicy = 'origin';
  link.click();
}

/**
 * The answer with which the page came back from `/confirm` of this origin, to a request that this tab made. The address then gets back the
 * fragment that it had. An answer is taken once.
 */
export function takeReturned(origin: string, page: HostPage): Returned | undefined {
  const answer = fieldsOf(fromFragment(page.location.hash, 'answer'));
  if (!answer) return undefined;
  try {
    const kept = fieldsOf(JSON.parse(page.sessionStorage.getItem(KEY) ?? 'null'));
    const request = fieldsOf(kept?.['request']);
    if (!kept || !request || kept['origin'] !== origin || answer['nonce'] !== request['nonce']) return undefined;
    page.sessionStorage.removeItem(KEY);
    page.history.replaceState(page.history.state, '', page.location.href.replace(/#.*$/u, '') + String(kept['hash']));
    return { request: { ...request } as unknown as ConfirmRequest, answer: { ...answer } as unknown as ConfirmAnswer };
  } catch {
    return undefined;
  }
}
