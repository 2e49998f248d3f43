import { useId } from 'react';
import { memoryWords } from '../../i18n/memory.ts';
import { useWords } from '../../settings/settings.tsx';
import { Field, Input, Textarea } from '../../ui/field.tsx';
import type { Category } from './categories.tsx';

export interface ContentFieldsProps {
  readonly content: string;
  readonly category: string;
  readonly onContent: (content: string) => void;
  readonly onCategory: (category: string) => void;
  readonly errors: Readonly<Record<string, string | undefined>>;
  /** To choose from; any other may be named. */
  readonly categories: readonly Category[];
  readonly autoFocus?: boolean;
}

export function ContentFields(props: ContentFieldsProps) {
  const { content, category, onContent, onCategory, errors, categories, autoFocus } = props;
  const { form } = useWords(memoryWords);
  const listId = useId();
  const lines = Math.min(14, Math.max(4, content.split('\n', 15).length + 1));
  return (
    <>
      <Field label={form.content} error={errors.content}>
        {(ids) => (
          <Textarea
            {...ids}
            dir="auto"
            rows={lines}
            value={content}
            placeholder={form.contentPlaceholder}
            autoFocus={autoFocus === true}
            onFocus={({ target }) =>
              target.setSelectionRange(target.value.length, target.value.length)
            }
            onChange={({ target }) => onContent(target.value)}
          />
        )}
      </Field>
      <Field label={form.category} error={errors.category} className="sm:max-w-64">
        {(ids) => (
          <>
            <Input
              {...ids}
              value={category}
              list={listId}
              autoComplete="off"
              placeholder="general"
              onChange={({ target }) => onCategory(target.value)}
            />
            <datalist id={listId}>
              {categories.map(({ name }) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </>
        )}
      </Field>
    </>
  );
}
