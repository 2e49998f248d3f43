import { BotId, type Memory, operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { fieldErrors } from '../../api/field-errors.ts';
import { useGateway } from '../../api/gateway.tsx';
import { common } from '../../i18n/common.ts';
import { memoryWords } from '../../i18n/memory.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { useToast } from '../../ui/toast.tsx';
import type { Category } from './categories.tsx';
import { ContentFields } from './content-fields.tsx';
import { memoriesQuery } from './memory-queries.ts';

export interface EditMemoryProps {
  readonly memory: Memory;
  readonly categories: readonly Category[];
  readonly onDone: () => void;
}

/** A memory's content and category, edited where it stands. */
export function EditMemory({ memory, categories, onDone }: EditMemoryProps) {
  const { form } = useWords(memoryWords);
  const words = useWords(common);
  const [content, setContent] = useState(memory.content);
  const [category, setCategory] = useState(memory.category);
  const save = useSave(memory, onDone);
  const isEmpty = content.trim() === '';
  const errors = {
    ...fieldErrors(save.error),
    ...(isEmpty ? { content: form.missing.content } : {}),
  };
  const submit = (): void => {
    if (isEmpty || save.isPending) return;
    const named = category.trim() === '' ? 'general' : category.trim();
    if (content === memory.content && named === memory.category) onDone();
    else save.mutate({ content, category: named });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onDone();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
    else return;
    event.preventDefault();
  };
  return (
    <form
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
      className="flex flex-col gap-3"
    >
      <ContentFields
        content={content}
        category={category}
        onContent={setContent}
        onCategory={setCategory}
        errors={errors}
        categories={categories}
        autoFocus
      />
      {save.isError && Object.keys(fieldErrors(save.error)).length === 0 && (
        <ErrorNotice error={save.error} />
      )}
      <div className="flex items-center justify-end gap-2">
        <span className="flex-1 text-soft text-xs pointer-coarse:invisible">{form.keys}</span>
        <Button onClick={onDone}>{words.cancel}</Button>
        <Button type="submit" tone="solid" pending={save.isPending}>
          {form.save}
        </Button>
      </div>
    </form>
  );
}

function useSave({ id, bot_id }: Memory, onDone: () => void) {
  const { form } = useWords(memoryWords);
  const client = useGateway();
  const queries = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (change: { content: string; category: string }) =>
      client.call(operations.updateMemory, { memory_id: id, ...change }),
    onSuccess: (saved) => {
      queries.setQueryData(memoriesQuery(client, BotId.parse(bot_id)).queryKey, (all) =>
        all?.map((one) => (one.id === id ? saved : one)),
      );
      toast({ text: form.saved });
      onDone();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['memory'] }),
  });
}
