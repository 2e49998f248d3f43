export {
  type Client,
  type ClientOptions,
  ConnectionLostError,
  createClient,
  UnreachableError,
} from './client.ts';
