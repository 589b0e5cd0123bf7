import { toHex } from '../../base/bytes.ts';
import { isClean, revealText } from '../reveal-text.ts';
import { texts } from '../texts.ts';

/** A text of the site as it is, in its own direction; with its bytes if it does not show all that is in it. `bytes`: its UTF-8. */
export function RevealedText({ bytes }: { readonly bytes: Uint8Array }) {
  const text = textIn(bytes);
  const parts = revealText(text ?? '');
  const clean = text !== undefined && isClean(parts);
  return (
    <div className="revealed" data-testid="message" data-clean={clean}>
      {text !== undefined && (
        <blockquote dir="auto">
          {parts.map((part, at) => (
            <bdi key={`${at}${part.codePoint ?? ''}`} className={part.kind}>
              {part.kind === 'plain' && part.text}
              {part.kind === 'look-alike' && <span title={texts.alikePart(part.codePoint ?? '')}>{part.text}</span>}
              {part.codePoint !== undefined && (
                <code aria-label={part.kind === 'hidden' ? texts.hiddenPart(part.codePoint) : texts.alikePart(part.codePoint)} role="img">
                  {part.codePoint}
                </code>
              )}
            </bdi>
          ))}
        </blockquote>
      )}
      {!clean && (
        <>
          <p className="warn small">{text === undefined ? texts.notText : texts.unclean}</p>
          <p className="small quiet">{texts.asHex}</p>
          <code className="hex" dir="ltr" data-testid="message-hex">{toHex(bytes).replaceAll(/..(?=.)/gu, '$& ')}</code>
        </>
      )}
    </div>
  );
}

function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
