import type { CronRun } from '@mini-claude-bot/contract';
import { cronWords } from '../../../i18n/cron.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Dot } from '../../../ui/badge.tsx';
import { Markdown } from '../../chats/markdown/markdown.tsx';
import { StepsFold } from '../../chats/turn/steps-fold.tsx';
import { OutputBox } from './output-box.tsx';
import { useRunFeed } from './run-feed.ts';

/** A run that goes on: its output as it comes. @param isClaude it answers in Markdown, and tells its steps */
export function LiveRun({ run, isClaude }: { run: CronRun; isClaude: boolean }) {
  const words = useWords(cronWords);
  const { steps, text } = useRunFeed(run);
  if (text === '' && steps.length === 0) {
    return (
      <p className="inline-flex items-center gap-2 text-soft text-sm">
        <Dot tone="busy" />
        {run.state === 'queued' ? words.run.waiting : words.run.starting}
      </p>
    );
  }
  if (!isClaude) return <OutputBox title={words.run.live} text={text} isLive />;
  return (
    <div className="flex flex-col gap-2" aria-busy="true">
      {steps.length > 0 && <StepsFold steps={steps} isLive={text === ''} />}
      {text !== '' && <Markdown text={text} />}
    </div>
  );
}
