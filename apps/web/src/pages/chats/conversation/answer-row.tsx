import type { ConversationMessage, MessageTurn } from '@mini-claude-bot/contract';
import { CircleAlert, CircleStop } from 'lucide-react';
import type { ReactNode } from 'react';
import { chatWords } from '../../../i18n/chats.ts';
import { errors } from '../../../i18n/errors.ts';
import { momentOf, useFormat } from '../../../i18n/format.ts';
import { useWords } from '../../../settings/settings.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { PastSteps } from '../turn/past-steps.tsx';
import { WholeMessage } from './whole-message.tsx';

/** What Claude answered, and what it took. */
export function AnswerRow({ message }: { message: ConversationMessage }) {
  const { turn, content } = message;
  const text = <Markdown text={content} />;
  const isCut = [...content].length < message.length;
  return (
    <div className="group/answer flex min-w-0 flex-col gap-2">
      {turn !== null && <PastSteps turn={turn} />}
      {message.source === 'error' ? (
        <Fault message={message} />
      ) : isCut ? (
        <WholeMessage message={message}>{text}</WholeMessage>
      ) : (
        text
      )}
      <Details message={message} />
    </div>
  );
}

/** A turn that failed, or that somebody ended, is told from an answer at a glance. */
function Fault({ message: { turn, content } }: { message: ConversationMessage }) {
  const words = useWords(errors);
  const stopped = turn?.state === 'stopped';
  const Icon = stopped ? CircleStop : CircleAlert;
  const title = turn?.error == null ? undefined : words.codes[turn.error];
  const detail = content.replace(/^\[(?:ERROR|BUSY)\] /, '');
  return (
    <div
      className={
        stopped
          ? 'flex gap-2.5 rounded-lg bg-sunken px-3.5 py-2.5 text-sm'
          : 'flex gap-2.5 rounded-lg bg-danger-wash px-3.5 py-2.5 text-sm'
      }
    >
      <Icon
        className={
          stopped ? 'mt-0.5 size-4 shrink-0 text-soft' : 'mt-0.5 size-4 shrink-0 text-danger'
        }
        aria-hidden
      />
      <div className="min-w-0">
        {title !== undefined && <p className="font-medium">{title}</p>}
        <p dir="auto" className="whitespace-pre-wrap text-soft [overflow-wrap:anywhere]">
          {detail}
        </p>
      </div>
    </div>
  );
}

function Details({ message }: { message: ConversationMessage }) {
  const words = useWords(chatWords);
  const format = useFormat();
  const at = momentOf(message.created_at);
  const known: Readonly<Record<string, string>> = words.from;
  const { turn, source } = message;
  return (
    <div className="flex h-7 items-center gap-2 text-soft text-xs tabular-nums">
      <time dateTime={new Date(at).toISOString()} title={format.full(at)}>
        {format.time(at)}
      </time>
      {(source === 'background' || source === 'cron') && <span>{known[source]}</span>}
      {turn !== null && <Figures turn={turn} />}
      <CopyButton
        text={message.content}
        className="opacity-0 focus-visible:opacity-100 group-hover/answer:opacity-100 pointer-coarse:opacity-100"
      />
    </div>
  );
}

/** How long it took, how many tokens, and what it cost. */
function Figures({ turn: { started_at, finished_at, usage, cost_usd } }: { turn: MessageTurn }) {
  const words = useWords(chatWords);
  const format = useFormat();
  return (
    <>
      {started_at !== null && finished_at !== null && (
        <Figure>{format.duration(Math.max(0, finished_at - started_at) * 1000)}</Figure>
      )}
      {usage !== null && (
        <Figure
          wide
          title={words.tokensHint(
            format.number(usage.cache_read_tokens),
            format.number(usage.cache_creation_tokens),
          )}
        >
          {words.tokens(
            format.compact(
              usage.input_tokens + usage.cache_read_tokens + usage.cache_creation_tokens,
            ),
            format.compact(usage.output_tokens),
          )}
        </Figure>
      )}
      {cost_usd !== null && <Figure title={words.cost}>{format.cost(cost_usd)}</Figure>}
    </>
  );
}

interface FigureProps {
  readonly title?: string;
  /** Not shown where there is little room. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

const Figure = ({ title, wide = false, children }: FigureProps) => (
  <span title={title} className={wide ? 'max-sm:hidden' : undefined}>
    <span aria-hidden className="pr-2">
      ·
    </span>
    {children}
  </span>
);
