import type { FanOut } from '../../activity/fan-out.ts';
import { counted, grouped } from '../../statistics/count-text.ts';
import { printable, styled } from './terminal.ts';

const SHOWN = 5;

/** The site's own hosts that try many targets, one line each, under a heading; nothing if there are none. */
export function fanOutLines(fanOuts: readonly FanOut[]): string[] {
  if (fanOuts.length === 0) return [];
  const more = fanOuts.length - SHOWN;
  return [
    styled('bold', 'Your own hosts that try many targets: infected, or your own scanners'),
    ...fanOuts.slice(0, SHOWN).map((fanOut) => `  ${fanOutText(fanOut)}`),
    ...(more > 0 ? [`  and ${grouped(more)} more`] : []),
  ];
}

/** `10.0.0.5 tried 1,200 addresses at port 445/tcp; 1,150 of 1,300 connections were not answered`. */
export function fanOutText(fanOut: FanOut): string {
  return `${styled('bold', fanOut.host)} ${triedText(fanOut)}`;
}

/** What a host did, as plain text: `tried 1,200 addresses at port 445/tcp; 1,150 of 1,300 connections were not answered`. */
export function triedText({ addresses, ports, port, protocol, connections, unanswered }: FanOut): string {
  const one = `${port}/${printable(protocol)}`;
  const places =
    ports === 1
      ? `${counted(addresses, 'address')} at port ${one}`
      : `${grouped(ports)} ports of ${counted(addresses, 'address')}, most often ${one}`;
  return `tried ${places}; ${grouped(unanswered)} of ${counted(connections, 'connection')} were not answered`;
}
