import type { AddressInfo, Server } from 'node:net';

/** The only interface that the emulators listen on: they check no credentials. */
export const LOOPBACK_HOST = '127.0.0.1';

/** Listens on a free port of the loopback interface. */
export async function listenOnLoopback(server: Server): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK_HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server.address() as AddressInfo;
}

export function endpointOf(address: Pick<AddressInfo, 'address' | 'port'>): string {
  return `http://${address.address}:${address.port}`;
}
