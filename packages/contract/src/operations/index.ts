// Each by its name, so that a program which calls few of them holds the schemas of no others: `operations.listChats`.
export { createToken, listTokens, revokeToken } from './access.ts';
export { listAudit } from './audit.ts';
export {
  awayStatus,
  listAwayIssues,
  retryAwayIssue,
  setAway,
  startAwayWork,
  stopAwayIssue,
  stopAwayWork,
} from './away.ts';
export { listBackups, makeBackup } from './backups.ts';
export { addChatMessage, getChatSession, listChatSessions, searchChat } from './chat.ts';
export { listChats, readConversation } from './conversations.ts';
export {
  createCronJob,
  deleteCronJob,
  getCronJob,
  listCronJobs,
  pauseCronJob,
  previewCron,
  resumeCronJob,
  updateCronJob,
} from './cron.ts';
export {
  acknowledgeCronIncident,
  cronHistory,
  followCronRun,
  listCronIncidents,
  runCronJob,
} from './cron-runs.ts';
export {
  listSessions,
  queueStatus,
  reapSessions,
  resetSession,
  sendMessage,
  stopChat,
  streamMessage,
} from './gateway.ts';
export { followChanges } from './live.ts';
export { addMemory, deleteMemory, listMemories, searchMemories, updateMemory } from './memory.ts';
export { exportMemories, importMemories } from './memory-transfer.ts';
export { getMetrics, pushMetrics, refreshMetrics } from './metrics.ts';
export { getDelivery, listDeliveries, retryDelivery, sendFile } from './outbox.ts';
export { getOverview, listBots, listProcesses, listSettings } from './overview.ts';
export {
  getReportFile,
  getReportRun,
  listReportRuns,
  listReports,
  startReport,
  stopReportRun,
} from './reports.ts';
export { searchStatus } from './search.ts';
export { endSignIn, listSignIns, makeSignInLink, signIn, signOut, whoAmI } from './sign-in.ts';
export { health, ping } from './system.ts';
export {
  cancelTask,
  cleanUp,
  getTask,
  harnessStatus,
  listTasks,
  startTask,
  taskStatus,
} from './tasks.ts';
export { cancelTurn, followTurn, getTurn, listTurns, turnSteps } from './turns.ts';
