import type * as everyOperation from './operations/index.ts';

export * from './errors.ts';
export * from './ids.ts';
export * from './json-schema.ts';
export * from './live-events.ts';
export * from './mcp-tool.ts';
export * from './openapi.ts';
export * from './operation.ts';
export { Token, TokenName } from './operations/access.ts';
export { allOperations } from './operations/all-operations.ts';
export { AuditEntry } from './operations/audit.ts';
export { AwayIssue, AwayStatus } from './operations/away.ts';
export { Backup } from './operations/backups.ts';
export { ChatHit, ChatMessage, ChatSession, Snippet } from './operations/chat.ts';
export {
  Chat,
  ConversationMessage,
  longestExcerpt,
  MessageTurn,
} from './operations/conversations.ts';
export {
  CronIncident,
  CronJob,
  type CronJobType,
  CronRun,
  CronRunState,
  CronTrigger,
  type GatewayCommand,
  gatewayCommands,
  isGatewayCommand,
} from './operations/cron-rows.ts';
export { DeliveryState } from './operations/delivery-state.ts';
export { Session } from './operations/gateway.ts';
export * as operations from './operations/index.ts';
export { Memory, MemoryHit } from './operations/memory.ts';
export {
  ArchivedProject,
  ChatFigures,
  ClaudeUsage,
  CronFigures,
  DailyActivity,
  HarnessFigures,
  HarnessJob,
  MemoryFigures,
  Metrics,
  ModelUsage,
  SystemFigures,
  UsageCost,
} from './operations/metrics.ts';
export {
  Delivery,
  DeliveryChannel,
  DeliveryMail,
  DeliveryPart,
  DeliveryReason,
  DeliverySource,
} from './operations/outbox.ts';
export { Attention, Setting } from './operations/overview.ts';
export {
  DefinedReport,
  ReportContent,
  ReportDetail,
  ReportFileContent,
  ReportFileKind,
  ReportRun,
  ReportRunState,
} from './operations/reports.ts';
export {
  EmbeddingState,
  Explanation,
  nextCursorHeader,
  SearchMode,
  searchModeHeader,
} from './operations/search.ts';
export { SignedIn, SignIn } from './operations/sign-in.ts';
export { HealthFinding, Trouble } from './operations/system.ts';
export { TaskState } from './operations/task-state.ts';
export { HarnessSummary, Task, TaskStep } from './operations/tasks.ts';
export { Turn, TurnState } from './operations/turns.ts';
export * from './public-metrics.ts';
export { PushedMetrics } from './pushed-metrics.ts';
export * from './text.ts';
export * from './turn-events.ts';
export * from './turn-steps.ts';

export type Operations = typeof everyOperation;
export type OperationId = keyof Operations;
