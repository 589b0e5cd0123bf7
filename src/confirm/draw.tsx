import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Client } from '../client/types.ts';
import { AnswerOnce } from './answer-once.ts';
import { Grants } from './grants.ts';
import type { Incoming } from './incoming.ts';
import { InputGuard } from './input-guard.ts';
import { Asked } from './parts/Asked.tsx';
import { Explanation } from './parts/Explanation.tsx';
import { GrantsPage } from './parts/GrantsPage.tsx';
import { Shell } from './parts/Shell.tsx';
import { texts } from './texts.ts';
import { GuardContext } from './use-guard.ts';
import { pageClock } from '../base/page-clock.ts';

const root = createRoot(document.getElementById('root')!);

/** Until it is known what the page was opened for. */
export function drawWaiting(): void {
  show(<Shell><p role="status" className="quiet waiting">{texts.waiting}</p></Shell>);
}

/** Draws what the page was opened for. `start`: makes the client of a network, for what needs the chain. */
export function draw(incoming: Incoming, start: (network: string) => Promise<Client>): void {
  switch (incoming.kind) {
    case 'framed':
      return show(<Explanation state="framed" title={texts.framedTitle} text={texts.framed} />);
    case 'nothing':
      return show(<Explanation state="nothing" title={texts.nothingTitle} text={texts.nothing}><p><a href="#grants">{texts.grantsTitle}</a></p></Explanation>);
    case 'bad-return':
      return show(<Explanation state="bad-return" title={texts.badReturnTitle} text={texts.badReturn} />);
    case 'other-site':
      return show(<Explanation state="other-site" title={texts.otherSiteTitle} text={texts.otherSite} />);
    case 'asked':
      return drawAsked(incoming, start);
  }
}

/** What sites may see. */
export function drawGrants(): void {
  show(<GrantsPage grants={openGrants()} />);
}

function drawAsked({ asked, reply }: Extract<Incoming, { kind: 'asked' }>, start: (network: string) => Promise<Client>): void {
  const once = new AnswerOnce(reply);
  const guard = new InputGuard(window, pageClock);
  const inGuard = (node: ReactNode): void => show(<GuardContext value={guard}>{node}</GuardContext>);
  if ('field' in asked) {
    const tell = (): void => once.answer({ nonce: asked.nonce, kind: 'refused', reason: 'bad-request', field: asked.field });
    return inGuard(
      <Explanation state="bad-request" title={texts.badRequestTitle} text={texts.badRequest(asked.field)}>
        <p className="actions"><button type="button" onClick={tell}>{texts.back}</button></p>
      </Explanation>,
    );
  }
  const { request } = asked;
  addEventListener('pagehide', ({ persisted }) => once.closed(request.nonce, persisted));
  const starting = request.kind === 'payment' || request.kind === 'staking' ? start(request.network) : undefined;
  inGuard(<Asked request={request} starting={starting} grants={openGrants()} answer={once.answer} />);
}

function openGrants(): Grants {
  return new Grants(() => localStorage, () => pageClock.now());
}

function show(node: ReactNode): void {
  root.render(<StrictMode>{node}</StrictMode>);
}
