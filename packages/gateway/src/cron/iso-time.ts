/** As the rows of jobs and runs have it: ISO 8601 with offset, in UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');

export const isoTimeOrNull = (ms: number | null): string | null =>
  ms === null ? null : isoTime(ms);
