import type { BotId } from '@mini-claude-bot/contract';
import { Plus, Search, X } from 'lucide-react';
import { SearchIcon } from '../../app/search-key.tsx';
import { SettingsMenu } from '../../app/settings-menu.tsx';
import { memoryWords } from '../../i18n/memory.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Input, Select } from '../../ui/field.tsx';
import { TransferMenu } from './transfer/transfer-menu.tsx';

export interface MemoryBarProps {
  readonly bot: BotId;
  readonly bots: readonly BotId[];
  readonly onBot: (bot: BotId) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onNew: () => void;
}

/** The head of the page: whose memories, what is searched for, and what can be done. */
export function MemoryBar({ bot, bots, onBot, text, onText, onNew }: MemoryBarProps) {
  const words = useWords(memoryWords);
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-2 border-line border-b px-4 py-2.5">
      <h1 className="font-semibold text-xl tracking-tight max-md:flex-1 md:w-48">{words.title}</h1>
      <div className="relative min-w-40 flex-1 max-md:order-last max-md:basis-full md:max-w-xl">
        <Search
          className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-soft"
          aria-hidden
        />
        <Input
          type="search"
          aria-label={words.search}
          placeholder={words.searchPlaceholder}
          autoComplete="off"
          value={text}
          onChange={({ target }) => onText(target.value)}
          onKeyDown={({ key }) => key === 'Escape' && onText('')}
          className="!pr-9 !pl-8.5 [&::-webkit-search-cancel-button]:hidden"
        />
        {text !== '' && (
          <IconButton
            small
            icon={X}
            label={words.clearSearch}
            className="absolute top-1 right-1"
            onClick={() => onText('')}
          />
        )}
      </div>
      <span className="flex-1 max-md:hidden" />
      {bots.length > 1 && (
        <Select
          aria-label={words.bot}
          className="!w-auto max-w-40"
          value={bot}
          choices={bots.map((value) => ({ value, label: value }))}
          onChoose={onBot}
        />
      )}
      <span className="flex md:hidden">
        <SearchIcon />
        <SettingsMenu />
      </span>
      <TransferMenu bot={bot} />
      <Button
        tone="solid"
        icon={Plus}
        onClick={onNew}
        aria-label={words.newMemory}
        className="max-md:w-9 max-md:px-0"
      >
        <span className="max-md:hidden">{words.newMemory}</span>
      </Button>
    </header>
  );
}
