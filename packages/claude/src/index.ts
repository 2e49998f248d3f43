export { ClaudeChild } from './child.ts';
export { type Confinement, confinedEnvironment } from './confinement.ts';
export { claudeEnvironment, markerVariable } from './environment.ts';
export * from './events.ts';
export { findClaude } from './executable.ts';
export * from './failure.ts';
export type {
  ClaudeSettings,
  Conversation,
  Limits,
  OwnTools,
  SessionPlace,
} from './launch.ts';
export { LiveSession, type Message } from './live-session.ts';
export { type LoginState, loginState } from './login-state.ts';
export { type PastConversation, pastConversations } from './past-conversations.ts';
export { endTree } from './processes/end-tree.ts';
export type { ProcessEntry } from './processes/process-entry.ts';
export { listProcesses } from './processes/process-list.ts';
export { PromptContext } from './prompt-context.ts';
export type { TurnObserver } from './running-turn.ts';
export { type SpareParts, SpareProcesses } from './spare-processes.ts';
export { startSession } from './start-session.ts';
export { claudeConfigDirectory, Transcripts } from './transcripts.ts';
export { checkVersion, isAtLeast, oldestVersion } from './version.ts';
export { type WarmEnd, type WarmEntry, WarmPool } from './warm-pool.ts';
export type { WebResearch } from './web-research.ts';
export { withoutSecrets } from './without-secrets.ts';
