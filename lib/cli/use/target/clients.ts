/** A service that accepts a connection and then says nothing must not hang a command. */
const CONNECTION_TIMEOUT_MS = 3_000;

/** Settings for a client that gives up when an answer takes longer than so many milliseconds. */
export function patientFor(requestTimeout: number) {
  return { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout, throwOnRequestTimeout: true };
}

/** A failure is reported in one line; the clients' own warnings are for developers. */
export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
