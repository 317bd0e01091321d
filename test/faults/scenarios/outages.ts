import { ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';
import { TcpProxy } from '../rig/tcp-proxy.js';

const DUE = 20;

/** Five minutes of 429 by the clock of the service, then the operator is itself again. */
async function tooManyRequests(rig: Rig): Promise<void> {
  rig.operator.behaviour = () => 'refuse-429';
  await rig.plan(DUE);
  const engine = await rig.engine();
  for (let step = 0; step < 10; step++) {
    await engine.drain();
    equal(
      await rig.count(`state = 'planned'`),
      DUE,
      'messages that wait while the operator asks for patience',
    );
    await rig.travel('30 seconds');
  }
  // Waits of 15, 30, 60, 120 and 240 s: at most six calls for each message.
  ensure(rig.operator.calls <= DUE * 6, `${rig.operator.calls} calls in five minutes: nothing slowed down`);
  rig.operator.behaviour = () => 'accept';
  await rig.recover(engine);
  equal(rig.operator.accepted.length, DUE, 'texts after the storm');
}

/** Two hours without the operator; some appointments come too close meanwhile. */
async function operatorDown(rig: Rig): Promise<void> {
  const proxy = rig.keep(await TcpProxy.before(Number(new URL(rig.operator.url).port)));
  await proxy.refuse();
  const engine = await rig.engine({ TWILIO_API_BASE_URL: proxy.inFrontOf(rig.operator.url) });
  await rig.plan(5, { hoursAhead: 2 });
  await rig.plan(DUE);
  for (let step = 0; step < 12; step++) {
    await rig.tasks(engine);
    await engine.drain();
    await rig.travel('10 minutes');
  }
  equal(rig.operator.accepted.length, 0, 'texts during the outage');
  await proxy.listen();
  await rig.recover(engine);
  equal(rig.operator.accepted.length, DUE, 'texts once the operator is back');
  equal(await rig.count(`state = 'expired'`), 5, 'messages that came too late, shown to agents');
}

export const OUTAGES: readonly Fault[] = [
  {
    id: 'F9',
    title: 'the operator answers 429 for five minutes',
    promise: 'nothing lost or doubled; calls slow down, then resume',
    tier: 'core',
    backends: ['postgres'],
    run: tooManyRequests,
  },
  {
    id: 'F10',
    title: 'the operator refuses connections for two hours',
    promise: 'the backlog is kept; what came too late is told',
    tier: 'core',
    backends: ['postgres'],
    mayExpire: true,
    run: operatorDown,
  },
];
