import type { Demand, Scale, Traffic } from '../results/scale.ts';
import { styled } from './terminal.ts';

/** An estimate as JSON, for programs. */
export function scaleJson(traffic: Traffic, { demands, advice }: Scale) {
  return {
    rate: traffic.rate,
    address_share: traffic.addressShare,
    hot_share: traffic.hotShare,
    single: traffic.isSingle,
    demands: demands.map(({ limitName, ...demand }) => ({
      ...demand,
      ...(limitName !== undefined && { limit_name: limitName }),
    })),
    advice,
  };
}

const NAME_WIDTH = 46;
const VALUE_WIDTH = 12;

/** An estimate for a human. */
export function scaleLines({ rate, isSingle }: Traffic, { demands, advice }: Scale): string[] {
  const how = isSingle ? 'one per message' : 'packed';
  return [
    styled('bold', `${rounded(rate)} records a second, ${how}`),
    ...demands.map(demandLine),
    '',
    styled('bold', 'What to do'),
    ...advice.map((line) => `  ${line}`),
  ];
}

function demandLine({ name, value, unit, limit, limitName }: Demand): string {
  const text = `  ${name.padEnd(NAME_WIDTH)}${rounded(value).padStart(VALUE_WIDTH)} ${unit}`;
  if (limit === undefined) return text;
  const beside = `${text}, of ${rounded(limit)}: ${limitName}`;
  return value > limit ? styled('red', `${beside} (exceeded)`) : beside;
}

/** Three significant digits, all of them before the point. */
function rounded(value: number): string {
  return value.toLocaleString(
    'en-US',
    value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  );
}
