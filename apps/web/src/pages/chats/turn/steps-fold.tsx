import type { TurnStep } from '@mini-claude-bot/contract';
import { Brain, Info, Wrench } from 'lucide-react';
import { chatWords } from '../../../i18n/chats.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Fold } from '../../../ui/fold.tsx';

const icons = { thinking: Brain, tool: Wrench, notice: Info } as const;

/** What Claude did on the way: the number of steps and the last of them, and all when it is opened. */
export function StepsFold({ steps, isLive }: { steps: readonly TurnStep[]; isLive: boolean }) {
  const words = useWords(chatWords);
  const last = steps.at(-1);
  if (last === undefined) return null;
  return (
    <Fold
      isLive={isLive}
      summary={
        <>
          <span className="font-medium">{words.steps(steps.length)}</span>
          <span className="min-w-0 truncate">{isLive && <Summary step={last} />}</span>
        </>
      }
    >
      <StepList steps={steps} />
    </Fold>
  );
}

export function StepList({ steps }: { steps: readonly TurnStep[] }) {
  return (
    <ol className="flex flex-col gap-2">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps only ever come behind the others
        <li key={index} className="flex gap-2">
          <StepIcon kind={step.kind} />
          <Step step={step} />
        </li>
      ))}
    </ol>
  );
}

function StepIcon({ kind }: { kind: TurnStep['kind'] }) {
  const Icon = icons[kind];
  return <Icon className="mt-0.5 size-3.5 shrink-0 text-soft" aria-hidden />;
}

function Step({ step }: { step: TurnStep }) {
  const words = useWords(chatWords);
  if (step.kind === 'tool') {
    return (
      <Fold
        plain
        summary={
          <>
            <span className="sr-only">{words.usedTool(step.name)}</span>
            <span aria-hidden className="font-medium text-ink">
              {step.name}
            </span>
            <code className="min-w-0 truncate">{step.input}</code>
          </>
        }
      >
        <pre className="max-h-80 overflow-auto whitespace-pre-wrap break-words rounded-md bg-sunken p-2 font-mono text-xs">
          {step.input}
        </pre>
      </Fold>
    );
  }
  if (step.kind === 'notice') return <p className="min-w-0 break-words">{step.text}</p>;
  return (
    <Fold plain summary={<span className="font-medium text-ink">{words.thinking}</span>}>
      <p dir="auto" className="whitespace-pre-wrap break-words">
        {step.text}
      </p>
    </Fold>
  );
}

function Summary({ step }: { step: TurnStep }) {
  const words = useWords(chatWords);
  if (step.kind === 'tool') return `${step.name} ${step.input}`;
  return step.kind === 'thinking' ? `${words.thinking} …` : step.text;
}
