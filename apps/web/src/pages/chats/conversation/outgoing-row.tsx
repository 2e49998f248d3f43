import { RotateCw } from 'lucide-react';
import { chatWords } from '../../../i18n/chats.ts';
import { common } from '../../../i18n/common.ts';
import { useErrorWords } from '../../../i18n/errors.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Button } from '../../../ui/button.tsx';
import type { Outgoing, OutgoingActions } from '../use-outgoing.ts';
import { Bubble } from './bubble.tsx';

/** A message on its way; or one that did not get there, to be sent again or thrown away. */
export function OutgoingRow({
  outgoing,
  actions,
}: {
  outgoing: Outgoing;
  actions: OutgoingActions;
}) {
  const words = useWords(chatWords);
  const commonWords = useWords(common);
  const errorWords = useErrorWords();
  const { text, error } = outgoing;
  if (error === undefined) {
    return (
      <Bubble text={text} faint>
        {words.sending}
      </Bubble>
    );
  }
  const { title, detail } = errorWords(error);
  return (
    <Bubble text={text} faint>
      <span role="alert" className="text-danger">
        {words.notSent} {title} {detail}
      </span>
      <Button small icon={RotateCw} onClick={() => actions.sendAgain(outgoing)}>
        {commonWords.retry}
      </Button>
      <Button small tone="ghost" onClick={() => actions.discard(outgoing)}>
        {words.discard}
      </Button>
    </Bubble>
  );
}
