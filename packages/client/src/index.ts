export { type Client, type ClientOptions, createClient, UnreachableError } from './client.ts';
