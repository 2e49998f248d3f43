import { useEffect, useState } from 'react';

/** The present, for times that are told from here: `in 3 minutes`. @returns Unix milliseconds, every so often anew */
export function useNow(everyMs = 10_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
