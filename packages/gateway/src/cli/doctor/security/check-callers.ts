import { accessFault } from '../../../access/require-token.ts';
import type { Config } from '../../../config/config.ts';
import type { Environment } from '../../../config/read-environment.ts';
import { listensToOthers } from '../../../host/loopback.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';

/**
 * Who can call the gateway, and with what.
 * @param now Unix milliseconds: a token may have expired
 */
export function checkCallers(config: Config, environment: Environment, now: number): Finding[] {
  return [
    checkAddress(config, now),
    config.MCB_AUTH === 'token' ? ok('token', 'Every call needs a token.') : noToken,
    ...checkOrigins(config),
    ...checkDashboard(config),
    ...checkDebugger(environment),
  ];
}

function checkAddress(config: Config, now: number): Finding {
  const fault = accessFault(config, now);
  if (fault !== undefined)
    return problem('no_token', fault, 'The gateway does not start like that.');
  if (!listensToOthers(config.HOST))
    return ok('open_address', 'Only this machine itself can reach the gateway.');
  return warning(
    'open_address',
    `HOST=${config.HOST} lets other machines reach the gateway. Tokens and messages travel in the clear.`,
    'Put a reverse proxy with TLS, or a VPN, in front of it, and remove HOST.',
  );
}

const noToken = warning(
  'token',
  'Every program and every user of this machine can call the gateway without a token, what Claude runs too.',
  'MCB_AUTH=token, unless only your own programs run here and every chat may see the others.',
);

/** Who is on the way can write into a page that comes in the clear, and so call with it. */
const checkOrigins = ({ MCB_ALLOWED_ORIGINS = [] }: Config): Finding[] =>
  MCB_ALLOWED_ORIGINS.filter((origin) => origin.startsWith('http://'))
    .filter((origin) => listensToOthers(new URL(origin).hostname.replace(/^\[|\]$/g, '')))
    .map((origin) =>
      warning(
        'allowed_origin',
        `MCB_ALLOWED_ORIGINS has ${origin}, whose pages come in the clear: whoever is on the way can change them.`,
        'Serve that page with TLS, and name it with https://.',
      ),
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
