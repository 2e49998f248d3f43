import type { JobDraft } from './job-draft.ts';

/** What each part of the form works on. */
export interface FormPartProps {
  readonly draft: JobDraft;
  readonly onChange: (change: Partial<JobDraft>) => void;
  /** What is wrong, by field, in the reader's words or the gateway's. */
  readonly errors: Readonly<Record<string, string | undefined>>;
}
