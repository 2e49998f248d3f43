import { type BotId, operations } from '@mini-claude-bot/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FileText, FileUp } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { useFormat } from '../../../i18n/format.ts';
import { memoryWords } from '../../../i18n/memory.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Field, Select } from '../../../ui/field.tsx';
import { ErrorNotice, Skeleton } from '../../../ui/states.tsx';
import { useToast } from '../../../ui/toast.tsx';

/** More than this the gateway does not take at once anyway, and a browser would be slow over it. */
const mostBytes = 20_000_000;

/** A file that was chosen. */
type Chosen =
  | { readonly kind: 'none' }
  | { readonly kind: 'fault'; readonly why: 'unreadable' | 'tooLarge' }
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly bytes: number;
      readonly format: 'json' | 'csv';
      readonly content: string;
    };

async function read(file: File): Promise<Chosen> {
  if (file.size > mostBytes) return { kind: 'fault', why: 'tooLarge' };
  try {
    const content = await file.text();
    // A name may say anything: what begins like JSON is JSON.
    const format = /^\s*[[{]/.test(content) || /\.json$/i.test(file.name) ? 'json' : 'csv';
    return { kind: 'text', name: file.name, bytes: file.size, format, content };
  } catch {
    return { kind: 'fault', why: 'unreadable' };
  }
}

/** A file, what it would change, and the deed. */
export function ImportForm({ bot, onClose }: { bot: BotId; onClose: () => void }) {
  const { transfer } = useWords(memoryWords);
  const [chosen, setChosen] = useState<Chosen>({ kind: 'none' });
  const take = (files: FileList | null): void => {
    const file = files?.[0];
    if (file !== undefined) void read(file).then(setChosen);
  };
  return (
    <div className="flex flex-col gap-4">
      <FileField chosen={chosen} onFiles={take} />
      {chosen.kind === 'fault' && (
        <p role="alert" className="text-danger text-sm">
          {transfer[chosen.why]}
        </p>
      )}
      {chosen.kind === 'text' && <Check bot={bot} file={chosen} onClose={onClose} />}
    </div>
  );
}

function FileField({
  chosen,
  onFiles,
}: {
  chosen: Chosen;
  onFiles: (files: FileList | null) => void;
}) {
  const { transfer } = useWords(memoryWords);
  const format = useFormat();
  const id = useId();
  const [isOver, setIsOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    onFiles(event.dataTransfer.files);
  };
  const isChosen = chosen.kind === 'text';
  return (
    <label
      htmlFor={id}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
      className={cx(
        'flex cursor-pointer items-center gap-3 rounded-lg border border-dashed px-4 py-5 text-sm transition-colors',
        'has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent has-[:focus-visible]:outline-offset-2',
        isOver ? 'border-accent bg-accent-wash' : 'border-edge hover:bg-hover',
      )}
    >
      {isChosen ? (
        <FileText className="size-5 shrink-0 text-accent" aria-hidden />
      ) : (
        <FileUp className="size-5 shrink-0 text-soft" aria-hidden />
      )}
      <span className="flex min-w-0 flex-1 flex-col">
        <bdi className="truncate font-medium">{isChosen ? chosen.name : transfer.choose}</bdi>
        <span className="text-soft text-xs">
          {isChosen ? `${format.bytes(chosen.bytes)} · ${transfer.other}` : transfer.drop}
        </span>
      </span>
      <input
        id={id}
        type="file"
        aria-label={transfer.file}
        accept=".json,.csv,application/json,text/csv"
        className="sr-only"
        onChange={({ target }) => {
          onFiles(target.files);
          // The same file, changed, can be chosen again.
          target.value = '';
        }}
      />
    </label>
  );
}

type TextFile = Extract<Chosen, { kind: 'text' }>;

function Check({ bot, file, onClose }: { bot: BotId; file: TextFile; onClose: () => void }) {
  const { transfer } = useWords(memoryWords);
  const client = useGateway();
  const queries = useQueryClient();
  const toast = useToast();
  const [onConflict, setOnConflict] = useState<'skip' | 'replace'>('skip');
  const input = { bot_id: bot, format: file.format, content: file.content };
  const trial = useQuery({
    queryKey: ['memory-import', bot, file],
    queryKeyHashFn: ([, of]) => `import ${String(of)} ${file.name} ${file.bytes} ${file.content}`,
    queryFn: ({ signal }) =>
      client.call(operations.importMemories, { ...input, dry_run: true }, signal),
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  const run = useMutation({
    mutationFn: () => client.call(operations.importMemories, { ...input, on_conflict: onConflict }),
    onSuccess: async ({ added, replaced, skipped }) => {
      toast({ text: transfer.done(added, replaced, skipped) });
      onClose();
      await queries.invalidateQueries({ queryKey: ['memory'] });
    },
  });
  if (trial.isError) {
    return <ErrorNotice error={trial.error} onRetry={() => void trial.refetch()} />;
  }
  if (trial.data === undefined) {
    return (
      <div role="status" aria-label={transfer.checking}>
        <Skeleton className="h-14" />
      </div>
    );
  }
  const { added, skipped } = trial.data;
  const isNothing = added === 0 && (skipped === 0 || onConflict === 'skip');
  return (
    <>
      <p role="status" className="text-sm">
        <strong className="font-semibold">{transfer.would(added)}</strong>
        {skipped > 0 && ` · ${transfer.known(skipped)}`}
        {isNothing && <span className="block text-soft">{transfer.nothing}</span>}
      </p>
      {skipped > 0 && (
        <Field label={transfer.conflict}>
          {(ids) => (
            <Select
              {...ids}
              value={onConflict}
              choices={[
                { value: 'skip', label: transfer.skip },
                { value: 'replace', label: transfer.replace },
              ]}
              onChoose={setOnConflict}
            />
          )}
        </Field>
      )}
      {run.isError && <ErrorNotice error={run.error} />}
      <div className="flex justify-end">
        <Button
          tone="solid"
          icon={FileUp}
          disabled={isNothing}
          pending={run.isPending}
          onClick={() => run.mutate()}
        >
          {transfer.run}
        </Button>
      </div>
    </>
  );
}
