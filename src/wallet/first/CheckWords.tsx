import { useState } from 'react';
import { systemRandom } from '../../base/system.ts';
import { Form } from '../parts/Form.tsx';
import { TextField } from '../parts/TextField.tsx';
import { Title } from '../parts/Title.tsx';
import { useWork } from '../use-work.ts';
import { walletTexts } from '../wallet-texts.ts';
import { choosePlaces } from './choose-places.ts';

interface Props {
  readonly words: readonly string[];
  readonly onAgain: () => void;
  readonly onChecked: () => Promise<void>;
}

/** Asks for three of the words. */
export function CheckWords({ words, onAgain, onChecked }: Props) {
  const [places] = useState(() => choosePlaces(systemRandom, words.length, 3));
  const [entered, setEntered] = useState<Readonly<Record<number, string>>>({});
  const work = useWork();
  const check = () => {
    const right = places.every((place) => entered[place]?.trim().toLowerCase() === words[place]);
    if (!right) return work.refuse(walletTexts.checkWrong);
    work.run(onChecked);
  };
  return (
    <section className="panel narrow">
      <Title>{walletTexts.checkTitle}</Title>
      <p className="quiet">{walletTexts.checkText}</p>
      <Form work={work} submit={walletTexts.check} busy={walletTexts.check} onSubmit={check} onCancel={onAgain} cancel={walletTexts.showAgain}>
        {places.map((place) => (
          <TextField key={place} label={walletTexts.wordNumber(place + 1)} value={entered[place] ?? ''} onText={(text) => setEntered({ ...entered, [place]: text })} autoComplete="off" autoCapitalize="none" spellCheck={false} required />
        ))}
      </Form>
    </section>
  );
}
