import { describe, expect, it } from 'vitest';
import { effectivePercent } from '../../../lib/cutover/canary.ts';
import { cutoverText } from '../../../lib/cutover/plan-change.ts';
import { readSettings } from '../../../lib/cutover/settings.ts';
import { type Role, scheduleEvent } from '../../fixtures/cutover/actors.ts';
import { explore } from '../../fixtures/cutover/explore.ts';
import { type Actor, type Budgets, type World, type Written, worldOf } from '../../fixtures/cutover/world.ts';

/** How many more times actors are interrupted than by default: INTERLEAVINGS=1 takes a minute, 2 takes long. */
const MORE_SWITCHES = Number(process.env.INTERLEAVINGS ?? 0);

const set = (mode: 'legacy' | 'parallel' | 'consensus', percent?: number, isForced = false): Role => ({
  kind: 'set',
  wanted: { mode, percent, isForced, reason: '' },
});
const console = (change: object): Role => ({ kind: 'console', change });
const look = (number: number): Role => ({ kind: 'rollback', event: scheduleEvent(number) });

const CANARY = '{"mode":"parallel","consensusPercent":50,"minScorers":2}';

interface Scenario {
  readonly roles: readonly Role[];
  readonly value?: string;
  readonly isAlarmOn?: boolean;
  readonly budgets: Budgets;
}

const budgets = (switches: number, alarmChanges: number, losses: number, kills: number): Budgets => ({
  switches: switches + MORE_SWITCHES,
  alarmChanges,
  losses,
  kills,
});

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'an operator, the schedule, and a process that is killed': {
    roles: [set('parallel', 90), look(1)],
    budgets: budgets(1, 1, 0, 1),
  },
  'an operator, and an answer that is lost': {
    roles: [set('parallel', 90)],
    budgets: budgets(1, 1, 1, 0),
  },
  'an operator, a lost answer and a killed process, nobody interrupted': {
    roles: [set('parallel', 90)],
    budgets: budgets(0, 1, 1, 1),
  },
  'an alarm that ends and goes off again': {
    roles: [set('parallel', 90)],
    budgets: budgets(0, 3, 1, 0),
  },
  'an operator against the alarm': {
    roles: [set('parallel', 90)],
    budgets: budgets(3, 1, 0, 0),
  },
  'two operators': {
    roles: [set('parallel', 90), set('consensus')],
    budgets: budgets(1, 1, 0, 0),
  },
  'an operator and somebody at the console': {
    roles: [set('parallel', 90), console({ minScorers: 3 })],
    budgets: budgets(1, 1, 0, 0),
  },
  'the console against the rollback': {
    roles: [console({ minScorers: 3, mode: 'consensus' }), look(1)],
    isAlarmOn: true,
    budgets: budgets(1, 1, 0, 1),
  },
  'the console against the rollback whose answers are lost': {
    roles: [console({ minScorers: 3, mode: 'consensus' }), look(1)],
    isAlarmOn: true,
    budgets: budgets(0, 1, 1, 0),
  },
  'force while the alarm is on': {
    roles: [set('consensus', undefined, true), look(1)],
    value: '{"mode":"legacy","consensusPercent":0,"minScorers":2}',
    isAlarmOn: true,
    budgets: budgets(1, 2, 0, 0),
  },
  'force, and somebody else who goes forward without': {
    roles: [set('consensus', undefined, true), set('parallel', 60)],
    isAlarmOn: true,
    budgets: budgets(1, 1, 0, 0),
  },
  'invalid settings': {
    roles: [look(1), look(2)],
    value: '{"mode":"turbo","minScorers":2}',
    isAlarmOn: true,
    budgets: budgets(1, 1, 0, 1),
  },
};

describe('over all interleavings', () => {
  it.each(Object.entries(SCENARIOS))('%s', { timeout: 3_600_000 }, async (name, scenario) => {
    const { value = CANARY, isAlarmOn = false } = scenario;
    const statuses = new Set<string>();

    const { worlds, ends } = await explore(worldOf({ ...scenario, value, isAlarmOn }), {
      onEnd: (world, n) => {
        const actor = world.actors[n];
        if (actor?.role.kind === 'set') expectTruth(actor);
        // The alarm has stayed on, and the run began after the last write of anybody else.
        const isLast = actor?.end?.end === 'returned' && actor.isAlone === true;
        if (actor?.role.kind === 'rollback' && isLast) expectInOrder(world);
      },
      onRest: (world) => {
        statuses.add(`${world.alarm.state} ${textOf(world.history.at(-1))}`);
        expectInOrder(world);
        expectKept(world);
        expectPublished(world);
      },
    });

    // Not vacuous: there are many ways, and they end differently.
    expect(worlds).toBeGreaterThan(100);
    expect(ends).toBeGreaterThan(10);
    expect(statuses.size).toBeGreaterThan(1);
    if (process.env.INTERLEAVINGS) process.stdout.write(`${name}: ${worlds} worlds, ${ends} ends\n`);
  });
});

/** While the alarm is on, the legacy score is used for all addresses, except by force since then. */
function expectInOrder({ alarm, history }: World): void {
  const last = history.at(-1);
  if (alarm.state !== 'ALARM' || last === undefined) return;
  const read = readSettings(last.value);
  const isForced = read.ok && read.settings.forced === true && last.changedAtMs >= alarm.sinceMs;
  if (isForced) return;
  expect(read.ok && effectivePercent(read.settings)).toBe(0);
}

/** Whatever a rollback wrote last has the other settings of what was written last by anybody else. */
function expectKept({ history, actors }: World): void {
  const last = history.at(-1);
  const chosen = history.findLast((each) => !isRollback(each, actors));
  if (last === undefined || !isRollback(last, actors)) return;
  expect(othersOf(last)).toEqual(othersOf(chosen));
}

function isRollback({ actor, description }: Written, actors: readonly Actor[]): boolean {
  const kind = actors[actor]?.role.kind;
  // The command takes its own change back.
  return kind === 'rollback' || (kind === 'set' && description.startsWith('rolled back'));
}

function othersOf(value: Written | undefined): object {
  const { mode: _, consensusPercent: __, forced: ___, ...others } = JSON.parse(value?.value ?? '{}');
  return others;
}

/** Every run that changed something said so; those that changed nothing did only if an alarm invoked them. */
function expectPublished({ history, actors, published }: World): void {
  for (const [n, { role }] of actors.entries()) {
    if (role.kind !== 'rollback') continue;
    const own = published.filter((each) => each.startsWith(`${role.event.id}: `));
    const written = history.filter(({ actor }) => actor === n);
    // What has its effect after its writer has given up may be published or not.
    if (written.some(({ isLate }) => isLate)) continue;
    if (written.length > 0) expect(own.some((each) => each.includes('rolled back to'))).toBe(true);
    else if (!role.event.id.startsWith('alarm')) expect(own).toEqual([]);
    else for (const each of own) expect(each).not.toContain('rolled back to');
  }
}

/** What the command printed is what its last look showed. */
function expectTruth({ role, end, answers }: Actor): void {
  if (role.kind !== 'set' || end === undefined || end.end === 'killed') return;
  const looks = answers.flatMap((answer) => (answer.ok && answer.history ? [answer.history] : []));
  const last = looks.at(-1)?.at(-1);
  const shown = `${textOf(last)} (version ${last?.version})`;
  const { mode, percent } = role.wanted;
  const wanted = cutoverText({ mode, consensusPercent: percent ?? 0 });
  const isUnanswered = answers.some(({ ok }) => !ok);
  if (end.end === 'returned') {
    expect(shown).toBe(`${wanted} (version ${String(end.result)})`);
    return;
  }
  const { message } = end;
  if (message.startsWith('the rollback alarm is ALARM: wait')) {
    expect(role.wanted.isForced).toBe(false);
  } else if (/^could not (read|write) /.test(message) || message === 'socket hang up') {
    // Before anything was written.
    expect(isUnanswered).toBe(true);
    expect(looks.length).toBeLessThan(2);
  } else if (message.startsWith('changed (version ')) {
    expect(isUnanswered).toBe(true);
    expect(shown).toBe(`${wanted} (version ${/version (\d+)/.exec(message)?.[1]})`);
  } else if (message.startsWith('not known whether it is changed')) {
    expect(isUnanswered).toBe(true);
    if (message.includes('the last look showed')) expect(message).toContain(shown);
  } else if (/going back to legacy failed/.test(message)) {
    expect(isUnanswered).toBe(true);
  } else if (/at the same time: .+ is in force now/.test(message)) {
    expect(message).toContain(`${textOf(last)} is in force now (version ${last?.version})`);
  } else {
    expect(message).toMatch(/^not (?:changed|in force): .*somebody, or a rollback, set it to /);
    expect(message).toContain(`set it to ${shown}`);
    expect(textOf(last)).not.toBe(wanted);
  }
}

function textOf(written: { readonly value: string } | undefined): string {
  const read = readSettings(written?.value ?? '');
  return read.ok ? cutoverText(read.settings) : 'invalid';
}
