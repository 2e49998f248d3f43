export { ClaudeChild } from './child.ts';
export { claudeEnvironment, markerVariable } from './environment.ts';
export * from './events.ts';
export {
  checkVersion,
  findClaude,
  type LoginState,
  loginState,
  oldestVersion,
} from './executable.ts';
export * from './failure.ts';
export type { ClaudeSettings, SessionPlace } from './launch.ts';
export { LiveSession, type TurnObserver } from './live-session.ts';
export { endTree } from './processes/end-tree.ts';
export { listProcesses, type ProcessEntry } from './processes/process-list.ts';
export { type SpareParts, SpareProcesses } from './spare-processes.ts';
export { startSession } from './start-session.ts';
export { claudeConfigDirectory, Transcripts } from './transcripts.ts';
export { type WarmEntry, WarmPool } from './warm-pool.ts';
