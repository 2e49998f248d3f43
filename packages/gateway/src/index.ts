export { type Gateway, type GatewayOptions, startGateway } from './app.ts';
export { type Config, ConfigError, loadConfig } from './config/config.ts';
export { envExample } from './config/env-example.ts';
export { type Environment, readEnvironment } from './config/read-environment.ts';
export { secretNames, type VariableName, variables } from './config/variables.ts';
export { type Clock, systemClock } from './host/clock.ts';
export { createLogger, type Logger } from './host/logger.ts';
export { version } from './host/version.ts';
