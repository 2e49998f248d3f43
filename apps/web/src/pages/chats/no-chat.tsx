import { MessagesSquare } from 'lucide-react';
import { chatWords } from '../../i18n/chats.ts';
import { useWords } from '../../settings/settings.tsx';
import { EmptyState } from '../../ui/states.tsx';

export function NoChat() {
  const words = useWords(chatWords);
  return (
    <EmptyState icon={MessagesSquare} title={words.choose.title}>
      {words.choose.body}
    </EmptyState>
  );
}
