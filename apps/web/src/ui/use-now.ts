import { useEffect, useState } from 'react';

/**
 * The present, for times that are told from here: `in 3 minutes`.
 * @param everyMs how often it is looked at anew; stopped: nobody needs it to go on
 * @returns Unix milliseconds
 */
export function useNow(everyMs: number | 'stopped' = 10_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (everyMs === 'stopped') return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
