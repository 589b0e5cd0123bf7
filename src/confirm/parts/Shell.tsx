import type { ReactNode } from 'react';
import { texts } from '../texts.ts';

/** The frame of every state of the page. */
export function Shell({ children }: { readonly children: ReactNode }) {
  return (
    <div className="confirm-page">
      <header className="header">
        <p className="brand">
          <svg viewBox="0 0 64 32" aria-hidden="true">
            <path d="M4 20c12-15 22-16 28-5 6-11 16-10 28 5-12-7-20-6-28 6-8-12-16-13-28-6z" />
          </svg>
          Petrel
        </p>
        <span className="quiet">{texts.page}</span>
      </header>
      {children}
    </div>
  );
}
