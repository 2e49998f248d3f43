import type { Config } from '../../../config/config.ts';
import type { Environment } from '../../../config/read-environment.ts';
import { listensToOthers } from '../../../host/loopback.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';

/** Who can call the gateway, and with what. */
export function checkCallers(config: Config, environment: Environment): Finding[] {
  const token = environment.MCB_AUTH?.trim() === 'token';
  const open = listensToOthers(config.HOST);
  const findings: Finding[] = [];
  if (open && !token) {
    findings.push(
      problem(
        'open_address',
        `HOST=${config.HOST} lets other machines reach the gateway, and no token is asked for: whoever can ` +
          'reach it can run commands here.',
        'Remove HOST, or write MCB_AUTH=token and make a token: mini-claude-bot token create NAME',
      ),
    );
  } else if (open) {
    findings.push(
      warning(
        'open_address',
        `HOST=${config.HOST} lets other machines reach the gateway. Tokens and messages travel in the clear.`,
        'Put a reverse proxy with TLS, or a VPN, in front of it, and remove HOST.',
      ),
    );
  } else findings.push(ok('open_address', 'Only this machine itself can reach the gateway.'));
  findings.push(token ? ok('token', 'Every call needs a token.') : noToken);
  return [...findings, ...checkDashboard(config), ...checkDebugger(environment)];
}

const noToken = warning(
  'token',
  'Every program and every user of this machine can call the gateway without a token, what Claude runs too.',
  'MCB_AUTH=token, unless only your own programs run here and every chat may see the others.',
);

const shortestSecret = 16;

function checkDashboard({ METRICS_SECRET, DASHBOARD_PUSH_URL }: Config): Finding[] {
  const findings: Finding[] = [];
  if (METRICS_SECRET !== undefined && METRICS_SECRET.length < shortestSecret) {
    findings.push(
      warning(
        'metrics_secret',
        `METRICS_SECRET has ${METRICS_SECRET.length} characters, and can be guessed.`,
        'Take one that was made by chance: openssl rand -hex 24',
      ),
    );
  }
  if (METRICS_SECRET !== undefined && DASHBOARD_PUSH_URL?.startsWith('http://') === true) {
    findings.push(
      warning(
        'dashboard_address',
        'DASHBOARD_PUSH_URL begins with http://: METRICS_SECRET is sent in the clear.',
        'Use an address that begins with https://.',
      ),
    );
  }
  return findings;
}

/** https://nodejs.org/api/debugger.html: who reaches it can do whatever the process can. */
const checkDebugger = ({ NODE_OPTIONS }: Environment): Finding[] =>
  /--inspect/.test(NODE_OPTIONS ?? '')
    ? [
        problem(
          'debugger',
          'NODE_OPTIONS opens a debugger: every program of this machine can take the gateway over.',
          'Remove --inspect from NODE_OPTIONS.',
        ),
      ]
    : [];
