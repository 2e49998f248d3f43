import type {
  CronJobId,
  CronJobType,
  CronRunState,
  CronTrigger,
  TurnId,
} from '@mini-claude-bot/contract';

/** A run as stored: of one occurrence of a job, or by hand. */
export interface RunRow {
  readonly id: number;
  readonly job_id: CronJobId;
  readonly job_type: CronJobType;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly result: string | null;
  readonly success: 0 | 1 | null;
  readonly state: CronRunState;
  readonly triggered_by: CronTrigger;
  readonly scheduled_at_ms: number | null;
  readonly due_at_ms: number;
  readonly not_before_ms: number;
  /** How often it was begun. */
  readonly attempt: number;
  readonly begun_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly owner: string | null;
  readonly why: string | null;
  readonly exit_code: number | null;
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly turn_id: TurnId | null;
  readonly delivery_id: string | null;
}

/** A run with the usage of its turn. */
export interface RunRowWithUsage extends RunRow {
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_creation_tokens: number | null;
  readonly cost_usd: number | null;
}

/** How a try to run a job ended. */
export interface RunOutcome {
  readonly state: 'succeeded' | 'failed' | 'timed_out' | 'stopped' | 'interrupted';
  /** What it gave, or why it failed, for people. */
  readonly result: string;
  readonly why?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
}
