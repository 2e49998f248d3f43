export { type SplitAddress, splitAddress } from './address.ts';
export {
  type Client,
  type ClientOptions,
  ConnectionLostError,
  createClient,
  UnreachableError,
} from './client.ts';
