/** One step of the schema. The number is what `_schema_version` says afterwards. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}
