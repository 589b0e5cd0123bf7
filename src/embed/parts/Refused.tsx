import { texts } from '../texts.ts';

/** Why the widget does not start, in place of everything else. */
export function Refused({ why }: { readonly why: 'top' | 'same-origin' | 'opaque' | 'version' }) {
  const said = why === 'same-origin' ? texts.sameOrigin : texts[why];
  return (
    <main className="card refused" data-testid="refused" data-why={why}>
      <h1>{said.title}</h1>
      <p>{said.text}</p>
      {why === 'top' && <p><a href="./">{texts.top.link}</a></p>}
    </main>
  );
}
