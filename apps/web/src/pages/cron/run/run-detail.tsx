import { type CronJob, type CronRun, operations, TurnId } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { Link2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { chatWords } from '../../../i18n/chats.ts';
import { common } from '../../../i18n/common.ts';
import { cronWords } from '../../../i18n/cron.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useWords } from '../../../settings/settings.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { copyText } from '../../../ui/copy-button.tsx';
import { Fold } from '../../../ui/fold.tsx';
import { ErrorNotice, Skeleton } from '../../../ui/states.tsx';
import { useToast } from '../../../ui/toast.tsx';
import { Markdown } from '../../chats/markdown/markdown.tsx';
import { StepList } from '../../chats/turn/steps-fold.tsx';
import { kindOf } from '../history/run-kinds.ts';
import { LiveRun } from './live-run.tsx';
import { OutputBox } from './output-box.tsx';

/** What became of a run, what it wrote, and what it took; of one that goes on, what it writes now. */
export function RunDetail({ job, run }: { job: CronJob; run: CronRun }) {
  const isClaude = run.turn_id !== null || job.job_type === 'claude';
  return (
    <div className="flex flex-col gap-3 px-4 pt-1 pb-4 sm:pl-11">
      <Figures run={run} />
      {kindOf(run) === 'going' ? (
        <LiveRun run={run} isClaude={isClaude} />
      ) : (
        <Outcome run={run} isClaude={isClaude} />
      )}
    </div>
  );
}

function Outcome({ run, isClaude }: { run: CronRun; isClaude: boolean }) {
  const words = useWords(cronWords);
  const { why, result, stdout, stderr } = run;
  const failed = kindOf(run) === 'failed';
  const both = [
    { title: words.run.stdout, text: stdout ?? '', tone: 'plain' as const },
    {
      title: words.run.stderr,
      text: stderr ?? '',
      tone: failed ? ('danger' as const) : ('plain' as const),
    },
  ];
  // Of one that failed, what it complained of comes first.
  const outputs = (failed ? both.toReversed() : both).filter(({ text }) => text !== '');
  const hasOutput = outputs.length > 0;
  // What a command wrote stands below as it wrote it; the result is made of it.
  const said = hasOutput ? '' : (result ?? '').trim();
  return (
    <>
      {why !== null && (
        <p
          dir="auto"
          className={
            failed
              ? 'rounded-md bg-danger-wash px-3 py-2 text-sm [overflow-wrap:anywhere]'
              : 'rounded-md bg-sunken px-3 py-2 text-sm [overflow-wrap:anywhere]'
          }
        >
          {why}
        </p>
      )}
      {run.turn_id !== null && <Steps turnId={run.turn_id} />}
      {outputs.map(({ title, text, tone }) => (
        <OutputBox key={title} title={title} text={text} tone={tone} />
      ))}
      {said !== '' &&
        said !== why &&
        (isClaude && !failed ? (
          <Markdown text={said} />
        ) : (
          <OutputBox title={words.run.output} text={said} />
        ))}
      {!hasOutput && said === '' && why === null && (
        <p className="text-soft text-sm">{words.run.noOutput}</p>
      )}
    </>
  );
}

/** What Claude did on the way: read when it is opened. */
function Steps({ turnId }: { turnId: string }) {
  const { steps: stepsWord } = useWords(chatWords);
  const words = useWords(common);
  const client = useGateway();
  const [isOpen, setIsOpen] = useState(false);
  const id = TurnId.safeParse(turnId);
  const steps = useQuery({
    queryKey: ['steps', turnId],
    queryFn: ({ signal }) =>
      client.call(operations.turnSteps, { turn_id: TurnId.parse(turnId) }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: id.success,
  });
  if (steps.data?.length === 0) return null;
  return (
    <Fold
      onOpen={() => setIsOpen(true)}
      summary={
        <span className="font-medium">
          {steps.data === undefined ? words.loading : stepsWord(steps.data.length)}
        </span>
      }
    >
      {steps.isError && <ErrorNotice error={steps.error} onRetry={() => void steps.refetch()} />}
      {steps.isPending && <Skeleton className="h-4 w-56" />}
      {isOpen && steps.data !== undefined && <StepList steps={steps.data} />}
    </Fold>
  );
}

/** How it came about, and what it took. */
function Figures({ run }: { run: CronRun }) {
  const words = useWords(cronWords);
  const commonWords = useWords(common);
  const format = useFormat();
  const toast = useToast();
  const { usage } = run;
  const toldWords: Readonly<Record<string, string>> = words.run.tellings;
  const figures: readonly (ReactNode | undefined)[] = [
    words.run.triggers[run.trigger],
    <time key="at" dateTime={run.started_at}>
      {format.full(Date.parse(run.started_at))}
    </time>,
    run.duration_seconds === null ? undefined : format.duration(run.duration_seconds * 1000),
    run.attempt > 1 ? words.run.attempt(run.attempt) : undefined,
    run.exit_code === null || run.exit_code === 0 ? undefined : words.run.exitCode(run.exit_code),
    usage === null
      ? undefined
      : words.run.tokens(
          format.compact(
            usage.input_tokens + usage.cache_read_tokens + usage.cache_creation_tokens,
          ),
          format.compact(usage.output_tokens),
        ),
    run.cost_usd === null ? undefined : format.cost(run.cost_usd),
    run.delivery === null
      ? undefined
      : words.run.told(toldWords[run.delivery.state] ?? run.delivery.state),
  ];
  const copyLink = async (): Promise<void> => {
    const link = `${window.location.origin}/cron/${run.job_id}?run=${run.id}`;
    if (await copyText(link)) toast({ text: commonWords.copied });
  };
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-soft text-xs tabular-nums">
      {figures.map(
        (figure, index) =>
          figure !== undefined && (
            // biome-ignore lint/suspicious/noArrayIndexKey: the figures stand in one order
            <span key={index}>{figure}</span>
          ),
      )}
      <IconButton small icon={Link2} label={words.run.copyLink} onClick={() => void copyLink()} />
    </p>
  );
}
