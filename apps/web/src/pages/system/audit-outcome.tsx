import { ErrorCode } from '@mini-claude-bot/contract';
import { errors } from '../../i18n/errors.ts';
import { systemWords } from '../../i18n/system.ts';
import { useWords } from '../../settings/settings.tsx';
import { Badge } from '../../ui/badge.tsx';

/** What came of an entry: done, going on, or the way in which it failed. */
export function AuditOutcome({ outcome }: { outcome: string | null }) {
  const words = useWords(systemWords);
  const errorWords = useWords(errors);
  if (outcome === null) {
    return (
      <span title={words.openHint} className="text-soft text-xs">
        {words.open}
      </span>
    );
  }
  if (outcome === 'done') return <span className="text-good text-xs">{words.done}</span>;
  const code = ErrorCode.safeParse(outcome);
  return (
    <span title={code.success ? errorWords.codes[code.data] : undefined}>
      <Badge tone="danger">{outcome}</Badge>
    </span>
  );
}
