import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { cronWords } from '../../../i18n/cron.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { chatsQuery } from '../../chats/chat-queries.ts';
import type { FormPartProps } from './field-props.ts';

/** Which chat is told, and of what. @param bot whose chats are offered */
export function TellFields({ draft, onChange, errors, bot }: FormPartProps & { bot: string }) {
  const { form } = useWords(cronWords);
  const listId = useId();
  const chats = useQuery(chatsQuery(useGateway()));
  const names = (chats.data ?? []).flatMap(({ bot_id, chat_id }) =>
    bot_id === bot && chat_id !== null ? [chat_id] : [],
  );
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={form.notifyChat} hint={form.notifyChatHint} error={errors.notify_chat_id}>
        {(ids) => (
          <>
            <Input
              {...ids}
              value={draft.notify_chat_id}
              list={listId}
              autoComplete="off"
              onChange={({ target }) => onChange({ notify_chat_id: target.value })}
            />
            <datalist id={listId}>
              {names.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      {draft.notify_chat_id.trim() !== '' && (
        <Field label={form.notify} error={errors.notify}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.notify}
              choices={[
                { value: 'always', label: form.notifies.always },
                { value: 'failure', label: form.notifies.failure },
                { value: 'change', label: form.notifies.change },
              ]}
              onChoose={(notify) => onChange({ notify })}
            />
          )}
        </Field>
      )}
    </div>
  );
}
