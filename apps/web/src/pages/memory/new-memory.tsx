import { type BotId, GatewayError, operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { fieldErrors } from '../../api/field-errors.ts';
import { useGateway } from '../../api/gateway.tsx';
import { memoryWords } from '../../i18n/memory.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { useToast } from '../../ui/toast.tsx';
import type { Category } from './categories.tsx';
import { ContentFields } from './content-fields.tsx';

export interface NewMemoryProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly bot: BotId;
  /** The one that is shown: a new memory is likely of that. */
  readonly category: string | undefined;
  readonly categories: readonly Category[];
}

export function NewMemory(props: NewMemoryProps) {
  const words = useWords(memoryWords);
  return (
    <Dialog open={props.open} onClose={props.onClose} title={words.newMemory}>
      <NewMemoryForm {...props} />
    </Dialog>
  );
}

function NewMemoryForm({ onClose, bot, category: shown, categories }: NewMemoryProps) {
  const { form } = useWords(memoryWords);
  const [key, setKey] = useState('');
  const [content, setContent] = useState('');
  const [category, setCategory] = useState(shown ?? '');
  const [tried, setTried] = useState(false);
  const place = useRef<HTMLFormElement>(null);
  const add = useAdd(bot, onClose);
  const isTaken = add.error instanceof GatewayError && add.error.code === 'conflict';
  const errors: Record<string, string | undefined> = {
    ...fieldErrors(add.error),
    ...(isTaken && add.variables?.key === key.trim() ? { key: form.taken } : {}),
    ...(tried && key.trim() === '' ? { key: form.missing.key } : {}),
    ...(tried && content.trim() === '' ? { content: form.missing.content } : {}),
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    const isMissing = key.trim() === '' || content.trim() === '';
    if (isMissing) {
      const selector = key.trim() === '' ? 'input' : 'textarea';
      place.current?.querySelector<HTMLElement>(selector)?.focus();
      return;
    }
    const named = category.trim();
    add.mutate({ key: key.trim(), content, ...(named === '' ? {} : { category: named }) });
  };
  const isElsewhere = add.isError && !isTaken && Object.keys(fieldErrors(add.error)).length === 0;
  return (
    <form ref={place} noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label={form.key} hint={form.keyHint} error={errors.key}>
        {(ids) => (
          <Input
            {...ids}
            value={key}
            autoFocus
            autoComplete="off"
            placeholder={form.keyPlaceholder}
            onChange={({ target }) => setKey(target.value)}
          />
        )}
      </Field>
      <ContentFields
        content={content}
        category={category}
        onContent={setContent}
        onCategory={setCategory}
        errors={errors}
        categories={categories}
      />
      {isElsewhere && <ErrorNotice error={add.error} />}
      <div className="flex justify-end">
        <Button type="submit" tone="solid" pending={add.isPending}>
          {form.create}
        </Button>
      </div>
    </form>
  );
}

function useAdd(bot_id: BotId, onClose: () => void) {
  const { form } = useWords(memoryWords);
  const client = useGateway();
  const queries = useQueryClient();
  const navigate = useNavigate({ from: '/memory' });
  const toast = useToast();
  return useMutation({
    mutationFn: (memory: { key: string; content: string; category?: string }) =>
      client.call(operations.addMemory, { ...memory, bot_id }),
    onSuccess: async ({ id }, { category = 'general' }) => {
      onClose();
      toast({ text: form.created });
      await queries.invalidateQueries({ queryKey: ['memory'] });
      // It is shown where it stands, also when another category was chosen.
      await navigate({
        search: (before) => ({
          ...before,
          in: before.in === undefined ? undefined : category,
          m: id,
        }),
      });
    },
  });
}
