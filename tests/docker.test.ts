import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { loadConfig, secretNames, variables } from 'mini-claude-bot';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { z } from 'zod';

// No engine runs here: what can be known of the files without one is checked.
const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

describe('the Dockerfile', () => {
  const text = read('Dockerfile');
  const lines = text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const words = (instruction: string): string[] =>
    last
      .filter((line) => line.startsWith(`${instruction} `))
      .map((line) => line.slice(instruction.length + 1).trim());
  const settings = Object.fromEntries(
    words('ENV').flatMap((line) => line.split(/\s+/).map((pair) => pair.split('='))),
  ) as Record<string, string>;

  test('has no fault that a linter knows, and a fault is seen', () => {
    expect(validate(text)).toEqual([]);
    expect(validate(text.replace('WORKDIR', 'WORKDIRR'))).not.toEqual([]);
  });

  test('leaves the compiler behind, and runs as an ordinary user', () => {
    expect(lines.filter((line) => line.startsWith('FROM '))).toHaveLength(2);
    expect(last.join('\n')).not.toMatch(/g\+\+|python3/);
    expect(words('USER')).toEqual(['node']);
    // Nothing is put into it as root afterwards.
    const user = last.findIndex((line) => line.startsWith('USER '));
    expect(last.slice(user).some((line) => /^(RUN|COPY|ADD) /.test(line))).toBe(false);
  });

  test('sets what the gateway knows, and no secret', () => {
    const known = new Set([...Object.keys(variables), 'NODE_ENV', 'CLAUDE_CONFIG_DIR']);
    expect(Object.keys(settings).filter((name) => !known.has(name))).toEqual([]);
    expect(Object.keys(settings).filter((name) => secretNames.includes(name))).toEqual([]);
    expect(loadConfig(settings)).toMatchObject({ PORT: 8000, DATABASE_PATH: '/data/gateway.db' });
    expect(words('EXPOSE')).toEqual([settings.PORT]);
  });

  test('keeps in volumes all that the gateway writes', () => {
    const volumes = z.array(z.string()).parse(JSON.parse(words('VOLUME')[0] ?? ''));
    const written = Object.entries(settings).filter(([, value]) => value.startsWith('/'));
    const outside = written.filter(
      ([, path]) => !volumes.some((volume) => `${path}/`.startsWith(`${volume}/`)),
    );
    expect(outside).toEqual([]);
    // What is not set lies in the home, which is gone with the container; but for Claude's own, a volume too.
    const lost = Object.values(loadConfig(settings))
      .filter((value) => typeof value === 'string' && value.startsWith(`${homedir()}/`))
      .filter((path) => !`${path}`.startsWith(join(homedir(), '.claude/')));
    expect(lost).toEqual([]);
    // A new volume gets its owner from the directory in the image.
    for (const volume of volumes)
      expect(last.join('\n')).toMatch(new RegExp(`chown node:node .*${volume}`));
  });

  test('is healthy by the gateway’s own word', () => {
    expect(words('HEALTHCHECK')[0]).toContain('CMD ["mini-claude-bot", "service", "watch"]');
  });

  test('copies what is there, and neither secrets nor databases', () => {
    expect(existsSync(join(root, 'scripts/pack.mjs'))).toBe(true);
    const ignored = read('.dockerignore').split('\n');
    for (const name of ['.env', '*.db', '*.key', '**/node_modules', '.git'])
      expect(ignored).toContain(name);
  });
});

/** The part of https://github.com/compose-spec/compose-spec that is used here; another key is a mistake. */
const Service = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .optional(),
  env_file: z.array(z.strictObject({ path: z.string(), required: z.boolean() })).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).optional(),
  volumes: z.array(z.string().regex(/^[a-z]+:\/[\w./-]+$/)).optional(),
  mem_limit: z
    .string()
    .regex(/^\d+[mg]$/)
    .optional(),
  security_opt: z.array(z.literal('no-new-privileges:true')).optional(),
  depends_on: z.array(z.string()).optional(),
});
const Compose = z.strictObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});

describe('the compose file', () => {
  const document = parseDocument(read('compose.yaml'), { strict: true, uniqueKeys: true });
  const compose = Compose.parse(document.toJS());

  test('is YAML without a fault, in the form of Compose', () => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    expect(Object.keys(compose.services)).toEqual(['gateway', 'ollama']);
  });

  test('names volumes and services that there are, each of them used', () => {
    const services = Object.values(compose.services);
    const used = services.flatMap(({ volumes = [] }) => volumes.map((each) => each.split(':')[0]));
    expect(used.toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
    for (const name of services.flatMap(({ depends_on = [] }) => depends_on))
      expect(Object.keys(compose.services)).toContain(name);
    const image = read('Dockerfile');
    for (const volume of compose.services.gateway?.volumes ?? [])
      expect(image).toContain(`"${volume.split(':')[1]}"`);
  });

  test('gives the gateway what it knows', () => {
    const environment = compose.services.gateway?.environment ?? {};
    expect(Object.keys(environment).filter((name) => !(name in variables))).toEqual([]);
    expect(new URL(loadConfig(environment).OLLAMA_BASE_URL).hostname in compose.services).toBe(
      true,
    );
  });
});
