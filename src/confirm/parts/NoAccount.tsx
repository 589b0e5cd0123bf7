import { texts } from '../texts.ts';

interface Props {
  /** The site named an address that is not here. */
  readonly named: boolean;
  readonly onTell: () => void;
}

/** Nothing in this browser could answer. Another tab may make an account meanwhile; then the page goes on. */
export function NoAccount({ named, onTell }: Props) {
  return (
    <section className="no-account" data-testid="no-account">
      <h2>{named ? texts.noKeyTitle : texts.noAccountTitle}</h2>
      <p>{named ? texts.noKey : texts.noAccount}</p>
      <p className="actions">
        <a className="button" href="/wallet" target="_blank" rel="noopener">{texts.openWallet}</a>
        <button type="button" className="plain" onClick={onTell}>{texts.tellSite}</button>
      </p>
    </section>
  );
}
