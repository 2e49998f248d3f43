import type { Setting } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { EyeOff } from 'lucide-react';
import { useGateway } from '../../api/gateway.tsx';
import { systemWords } from '../../i18n/system.ts';
import { useWords } from '../../settings/settings.tsx';
import { Badge } from '../../ui/badge.tsx';
import { ChoiceRow } from '../../ui/choice-row.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Input } from '../../ui/field.tsx';
import { ErrorNotice, Skeleton } from '../../ui/states.tsx';
import { SystemFrame } from './system-frame.tsx';
import { settingsQuery } from './system-queries.ts';

/** The settings in force: what each says, and where it comes from. Secrets are never shown. */
export function SettingsPage() {
  const words = useWords(systemWords);
  const settings = useQuery(settingsQuery(useGateway()));
  const { q = '', all = false } = useSearch({ from: '/system/settings' });
  const navigate = useNavigate({ from: '/system/settings' });
  const wanted = q.trim().toLowerCase();
  const shown = (settings.data ?? []).filter(
    ({ name, description, source }) =>
      (wanted !== '' || all || source !== 'default') &&
      `${name} ${description}`.toLowerCase().includes(wanted),
  );
  const place = (change: { q?: string; all?: boolean }): void => {
    const next = { q, all, ...change };
    const search = { ...(next.q === '' ? {} : { q: next.q }), ...(next.all ? { all: true } : {}) };
    void navigate({ search, replace: true });
  };
  return (
    <SystemFrame>
      <p className="text-sm text-soft">{words.settingsHint}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Input
          type="search"
          aria-label={words.filterSettings}
          placeholder={words.filterSettings}
          className="max-w-80 flex-1"
          value={q}
          onChange={({ target }) => place({ q: target.value })}
        />
        {wanted === '' && (
          <ChoiceRow
            label={words.which}
            value={all ? 'all' : 'set'}
            choices={[
              { value: 'set', label: words.onlySet },
              { value: 'all', label: words.all },
            ]}
            onChoose={(value) => place({ all: value === 'all' })}
          />
        )}
      </div>
      {settings.isPending && (
        <div role="status" aria-label={words.settings} className="flex flex-col gap-2">
          {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
            <Skeleton key={key} className="h-16 rounded-lg" />
          ))}
        </div>
      )}
      {settings.isError && settings.data === undefined && (
        <ErrorNotice error={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {settings.isSuccess && shown.length === 0 && (
        <p className="py-10 text-center text-soft text-sm">
          {wanted === '' ? words.allDefault : words.noSetting}
        </p>
      )}
      {shown.length > 0 && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface shadow-lift">
          {shown.map((setting) => (
            <li key={setting.name}>
              <SettingRow setting={setting} />
            </li>
          ))}
        </ul>
      )}
    </SystemFrame>
  );
}

function SettingRow({ setting }: { setting: Setting }) {
  const words = useWords(systemWords);
  const { name, source, description } = setting;
  return (
    <div className="flex flex-col gap-1 px-4 py-3 md:flex-row md:items-start md:gap-4">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <code className="font-medium font-mono text-sm [overflow-wrap:anywhere]">{name}</code>
          {source !== 'default' && <Badge tone="accent">{words.sources[source]}</Badge>}
        </p>
        {/* It stands as it does in the gateway's own documentation. */}
        <p lang="en" className="text-soft text-sm">
          {description}
        </p>
      </div>
      <div className="group/value flex min-h-7 min-w-0 items-center gap-1 md:w-[40%] md:justify-end">
        <Value setting={setting} />
      </div>
    </div>
  );
}

function Value({ setting: { value, set, secret } }: { setting: Setting }) {
  const words = useWords(systemWords);
  if (value !== null && value !== '') {
    return (
      <>
        <code className="min-w-0 rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs [overflow-wrap:anywhere]">
          <bdi>{value}</bdi>
        </code>
        <CopyButton
          text={value}
          className="opacity-0 focus-visible:opacity-100 group-hover/value:opacity-100 pointer-coarse:opacity-100"
        />
      </>
    );
  }
  if (!set || value === '') return <span className="text-soft text-sm">{words.unset}</span>;
  return (
    <span
      title={secret ? words.secretHint : words.hiddenHint}
      className="inline-flex items-center gap-1.5 text-soft text-sm"
    >
      <EyeOff className="size-3.5" aria-hidden />
      {words.secretSet}
    </span>
  );
}
