import type { Config } from '../../config/config.ts';
import { type Finding, ok, problem, warning, wordsOf } from './finding.ts';

const answerMs = 5_000;

/** Whether metrics can be sent to the dashboard, where the owner has one. Nothing is sent. */
export async function checkDashboard(config: Config): Promise<Finding[]> {
  const { DASHBOARD_PUSH_URL: url, METRICS_SECRET: secret } = config;
  if (url === undefined) return [];
  if (secret === undefined) {
    const found =
      'Metrics go to no dashboard: DASHBOARD_PUSH_URL is set, and METRICS_SECRET is not.';
    return [
      problem('dashboard', found, 'Set METRICS_SECRET to the secret that the dashboard has.'),
    ];
  }
  const { host } = new URL(url);
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(answerMs) });
    return [ok('dashboard', `The dashboard's server ${host} answers.`)];
  } catch (error) {
    return [
      warning(
        'dashboard',
        `The dashboard's server ${host} can't be reached: ${wordsOf(error)}`,
        'Look at DASHBOARD_PUSH_URL and the network; then try: mini-claude-bot metrics push',
      ),
    ];
  }
}
