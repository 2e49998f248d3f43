import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { common } from '../i18n/common.ts';
import { useWords } from '../settings/settings.tsx';
import { Dot } from '../ui/badge.tsx';
import { useLiveState } from './live-provider.tsx';

const tones = { connecting: 'warn', open: 'good', lost: 'danger' } as const;

/** A dot and a word, at the foot of the navigation. */
export function LiveState() {
  const words = useWords(common);
  const state = useLiveState();
  return (
    <span className="inline-flex items-center gap-2 text-soft text-xs">
      <Dot tone={tones[state]} />
      {state === 'open' ? words.live.open : words.live.connecting}
    </span>
  );
}

/** A connection that was away for a moment is nobody's concern. */
const patienceMs = 800;

/** Says over the page that what it shows may be old. */
export function LiveNotice() {
  const words = useWords(common);
  const lost = useLiveState() === 'lost';
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!lost) return setShown(false);
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div aria-live="polite" className="shrink-0">
      {shown && (
        <p className="flex items-center justify-center gap-2 bg-warn-wash px-3 py-1.5 font-medium text-warn text-xs animate-appear">
          <WifiOff className="size-3.5" aria-hidden />
          {words.live.lost}
        </p>
      )}
    </div>
  );
}
