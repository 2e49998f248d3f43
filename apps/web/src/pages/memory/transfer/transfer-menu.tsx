import { type BotId, operations } from '@mini-claude-bot/contract';
import { useMutation } from '@tanstack/react-query';
import { ArrowDownUp, FileDown, FileUp } from 'lucide-react';
import { useState } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { useSayError } from '../../../api/use-say-error.ts';
import { memoryWords } from '../../../i18n/memory.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { useToast } from '../../../ui/toast.tsx';
import { ImportForm } from './import-form.tsx';
import { saveFile } from './save-file.ts';

/** Memories out into a file, and in from one. */
export function TransferMenu({ bot }: { bot: BotId }) {
  const { transfer } = useWords(memoryWords);
  const client = useGateway();
  const toast = useToast();
  const sayError = useSayError();
  const [isOpen, setIsOpen] = useState(false);
  const write = useMutation({
    mutationFn: (format: 'json' | 'csv') =>
      client.call(operations.exportMemories, { bot_id: bot, format }),
    onSuccess: ({ format, content, count }) => {
      const day = new Date().toISOString().slice(0, 10);
      saveFile(`memories-${bot}-${day}.${format}`, content, types[format]);
      toast({ text: transfer.exported(count) });
    },
    onError: sayError,
  });
  return (
    <>
      <Menu
        icon={ArrowDownUp}
        label={transfer.menu}
        entries={[
          {
            kind: 'item',
            icon: FileUp,
            label: transfer.import,
            onSelect: () => setIsOpen(true),
          },
          { kind: 'line' },
          {
            kind: 'item',
            icon: FileDown,
            label: transfer.exportJson,
            onSelect: () => write.mutate('json'),
          },
          {
            kind: 'item',
            icon: FileDown,
            label: transfer.exportCsv,
            onSelect: () => write.mutate('csv'),
          },
        ]}
      />
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title={transfer.title}
        description={transfer.hint}
      >
        <ImportForm bot={bot} onClose={() => setIsOpen(false)} />
      </Dialog>
    </>
  );
}

const types = { json: 'application/json', csv: 'text/csv;charset=utf-8' } as const;
