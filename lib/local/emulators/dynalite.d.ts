/** The part of dynalite that the embedded stack uses; the package has no types of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Folder of the LevelDB store; in memory by default. */
    readonly path?: string;
    /** How long a table stays in CREATING, milliseconds. */
    readonly createTableMs?: number;
  }

  /** A server that does not listen yet. Closing it also closes the store. */
  function dynalite(options?: DynaliteOptions): Server;
  export = dynalite;
}
