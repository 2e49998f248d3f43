import * as access from './access.ts';
import * as audit from './audit.ts';
import * as away from './away.ts';
import * as backups from './backups.ts';
import * as chat from './chat.ts';
import * as conversations from './conversations.ts';
import * as cron from './cron.ts';
import * as cronRuns from './cron-runs.ts';
import * as gateway from './gateway.ts';
import * as live from './live.ts';
import * as memory from './memory.ts';
import * as memoryTransfer from './memory-transfer.ts';
import * as metrics from './metrics.ts';
import * as outbox from './outbox.ts';
import * as overview from './overview.ts';
import * as reports from './reports.ts';
import * as search from './search.ts';
import * as signIn from './sign-in.ts';
import * as system from './system.ts';
import * as tasks from './tasks.ts';
import * as turns from './turns.ts';

export const operations = {
  sendMessage: gateway.sendMessage,
  streamMessage: gateway.streamMessage,
  stopChat: gateway.stopChat,
  listSessions: gateway.listSessions,
  resetSession: gateway.resetSession,
  reapSessions: gateway.reapSessions,
  queueStatus: gateway.queueStatus,
  listTurns: turns.listTurns,
  getTurn: turns.getTurn,
  turnSteps: turns.turnSteps,
  cancelTurn: turns.cancelTurn,
  followTurn: turns.followTurn,
  startTask: tasks.startTask,
  taskStatus: tasks.taskStatus,
  harnessStatus: tasks.harnessStatus,
  cleanUp: tasks.cleanUp,
  listTasks: tasks.listTasks,
  getTask: tasks.getTask,
  cancelTask: tasks.cancelTask,
  setAway: away.setAway,
  awayStatus: away.awayStatus,
  startAwayWork: away.startAwayWork,
  stopAwayWork: away.stopAwayWork,
  listAwayIssues: away.listAwayIssues,
  stopAwayIssue: away.stopAwayIssue,
  retryAwayIssue: away.retryAwayIssue,
  listChatSessions: chat.listChatSessions,
  getChatSession: chat.getChatSession,
  listChats: conversations.listChats,
  readConversation: conversations.readConversation,
  addChatMessage: chat.addChatMessage,
  searchChat: chat.searchChat,
  listMemories: memory.listMemories,
  addMemory: memory.addMemory,
  updateMemory: memory.updateMemory,
  deleteMemory: memory.deleteMemory,
  searchMemories: memory.searchMemories,
  exportMemories: memoryTransfer.exportMemories,
  importMemories: memoryTransfer.importMemories,
  searchStatus: search.searchStatus,
  createToken: access.createToken,
  listTokens: access.listTokens,
  revokeToken: access.revokeToken,
  signIn: signIn.signIn,
  whoAmI: signIn.whoAmI,
  signOut: signIn.signOut,
  makeSignInLink: signIn.makeSignInLink,
  listSignIns: signIn.listSignIns,
  endSignIn: signIn.endSignIn,
  listCronJobs: cron.listCronJobs,
  createCronJob: cron.createCronJob,
  previewCron: cron.previewCron,
  listCronIncidents: cronRuns.listCronIncidents,
  acknowledgeCronIncident: cronRuns.acknowledgeCronIncident,
  getCronJob: cron.getCronJob,
  updateCronJob: cron.updateCronJob,
  deleteCronJob: cron.deleteCronJob,
  runCronJob: cronRuns.runCronJob,
  pauseCronJob: cron.pauseCronJob,
  resumeCronJob: cron.resumeCronJob,
  cronHistory: cronRuns.cronHistory,
  followCronRun: cronRuns.followCronRun,
  listReports: reports.listReports,
  startReport: reports.startReport,
  listReportRuns: reports.listReportRuns,
  getReportRun: reports.getReportRun,
  getReportFile: reports.getReportFile,
  stopReportRun: reports.stopReportRun,
  listDeliveries: outbox.listDeliveries,
  getDelivery: outbox.getDelivery,
  retryDelivery: outbox.retryDelivery,
  sendFile: outbox.sendFile,
  listAudit: audit.listAudit,
  listBackups: backups.listBackups,
  makeBackup: backups.makeBackup,
  getMetrics: metrics.getMetrics,
  refreshMetrics: metrics.refreshMetrics,
  pushMetrics: metrics.pushMetrics,
  followChanges: live.followChanges,
  getOverview: overview.getOverview,
  listProcesses: overview.listProcesses,
  listSettings: overview.listSettings,
  listBots: overview.listBots,
  ping: system.ping,
  health: system.health,
} as const;

export type Operations = typeof operations;
export type OperationId = keyof Operations;
