import type { CronJob } from '@mini-claude-bot/contract';
import { Cog, type LucideIcon, Sparkles, Terminal } from 'lucide-react';
import { cronWords } from '../../i18n/cron.ts';
import { useWords } from '../../settings/settings.tsx';

const icons: Readonly<Record<string, LucideIcon>> = {
  claude: Sparkles,
  shell: Terminal,
  gateway: Cog,
};

/** Who does it. @param iconOnly the word is for those who hover and those who listen */
export function JobType({ job, iconOnly = false }: { job: CronJob; iconOnly?: boolean }) {
  const words = useWords(cronWords);
  const known: Readonly<Record<string, string>> = words.types;
  const Icon = icons[job.job_type] ?? Terminal;
  const name = known[job.job_type] ?? job.job_type;
  return (
    <span
      title={iconOnly ? name : undefined}
      className="inline-flex items-center gap-1.5 whitespace-nowrap text-soft text-xs"
    >
      <Icon className="size-3.5 shrink-0" aria-hidden />
      <span className={iconOnly ? 'sr-only' : undefined}>{name}</span>
    </span>
  );
}
