export * from './errors.ts';
export * from './ids.ts';
export * from './openapi.ts';
export * from './operation.ts';
export { Token, TokenName } from './operations/access.ts';
export { ChatMessage, ChatSession } from './operations/chat.ts';
export { Session } from './operations/gateway.ts';
export { type OperationId, type Operations, operations } from './operations/index.ts';
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
  DeliveryPart,
  DeliveryReason,
  DeliverySource,
  DeliveryState,
} from './operations/outbox.ts';
export { Turn, TurnState } from './operations/turns.ts';
export * from './public-metrics.ts';
export * from './text.ts';
export * from './turn-events.ts';
