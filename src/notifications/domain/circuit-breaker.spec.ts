import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  againInSeconds,
  type CallSignal,
  type Circuit,
  CIRCUIT_RULES,
  newCircuit,
  observed,
  passage,
  signalOf,
} from './circuit-breaker.js';

const START = Temporal.Instant.from('2026-06-03T10:00:00Z');
const at = (seconds: number) => START.add({ milliseconds: Math.round(seconds * 1000) });
const many = (count: number, signal: CallSignal) => Array.from({ length: count }, () => signal);

describe('the circuit of an operator', () => {
  it('goes through an outage as it always did', () => {
    // Second by second: what happens, and what the circuit is after it.
    const trace: [number, 'pass' | CallSignal[], string][] = [
      [0, ['good', 'good', 'good'], 'closed'],
      [1, many(7, 'failed'), 'closed'],
      [2, ['good'], 'closed'],
      [3, ['failed'], 'open until 48'],
      [20, ['failed', 'good'], 'open until 48'],
      [47.9, 'pass', 'open until 48, waits until 48'],
      [48, 'pass', 'half-open, passes'],
      [48, 'pass', 'half-open, passes'],
      [48, 'pass', 'half-open, passes'],
      [48, 'pass', 'half-open, waits until 63'],
      [50, ['failed'], 'open until 140'],
      [140, 'pass', 'half-open, passes'],
      [141, ['good'], 'half-open'],
      [142, ['good', 'good'], 'closed'],
      [300, many(8, 'failed'), 'open until 480'],
      [480, 'pass', 'half-open, passes'],
      [480, ['good'], 'half-open'],
      [480, ['failed'], 'open until 780'],
      [780, 'pass', 'half-open, passes'],
      [781, ['good', 'good', 'good'], 'closed'],
      [1500, ['unreachable', 'unreachable', 'unreachable'], 'open until 1515'],
      [1515, 'pass', 'half-open, passes'],
      [1516, ['good', 'good', 'good'], 'half-open'],
      [1517, ['good'], 'half-open'],
      [1560, 'pass', 'closed, passes'],
    ];
    let circuit = newCircuit(START);
    const seen = trace.map(([second, event]) => {
      const said = event === 'pass' ? ask() : observe(event);
      return [second, event, `${describeCircuit(circuit)}${said}`];

      function ask(): string {
        const { circuit: next, passes, retryAt } = passage(circuit, at(second));
        circuit = next;
        return passes ? ', passes' : `, waits until ${secondsOf(retryAt)}`;
      }
      function observe(signals: CallSignal[]): string {
        circuit = observed(circuit, signals, at(second));
        return '';
      }
    });
    expect(seen).toEqual(trace);
  });

  it('does not open for a few bad numbers among good ones', () => {
    const mixed = Array.from({ length: 200 }, (_, index): CallSignal =>
      index % 2 === 0 ? 'failed' : 'good',
    );
    expect(observed(newCircuit(START), mixed, at(1)).circuit).toBe('closed');
    expect(observed(newCircuit(START), many(7, 'failed'), at(1)).circuit).toBe('closed');
  });

  it('forgets failures after a minute, and unreachable calls after one that arrived', () => {
    const seven = observed(newCircuit(START), many(7, 'failed'), at(1));
    expect(observed(seven, ['failed'], at(62)).circuit).toBe('closed');
    const two = observed(newCircuit(START), ['unreachable', 'unreachable', 'good', 'unreachable'], at(1));
    expect(two.circuit).toBe('closed');
  });

  it('lets probes through again when the worker that had them died', () => {
    let circuit = observed(newCircuit(START), many(3, 'unreachable'), at(0));
    for (let probe = 0; probe < 3; probe++) circuit = passage(circuit, at(15)).circuit;
    expect(passage(circuit, at(16)).passes).toBe(false);
    expect(passage(circuit, at(76)).passes).toBe(true);
  });

  it('does not stay open for ever when the clock is moved back', () => {
    const circuit = observed(newCircuit(START), many(3, 'unreachable'), at(0));
    expect(passage(circuit, START.subtract({ hours: 5 })).passes).toBe(true);
  });

  it('reads a call: refused numbers are good news of the operator', () => {
    const refused = { result: 'refused', errorCode: '21211', optedOut: false } as const;
    expect(signalOf('twilio', refused)).toBe('good');
    expect(signalOf('twilio', { result: 'not-sent', errorCode: '20429' })).toBe('failed');
    expect(signalOf('twilio', { result: 'not-sent', errorCode: '21612' })).toBe('good');
    expect(signalOf('twilio', { result: 'not-sent', errorCode: '20003' })).toBe('unreachable');
    expect(signalOf('twilio', { result: 'not-sent', errorCode: 'ECONNREFUSED' })).toBe('unreachable');
    expect(signalOf('twilio', { result: 'uncertain', errorCode: '20500' })).toBe('failed');
  });

  const aSignal = fc.constantFrom<CallSignal>('good', 'failed', 'unreachable');
  const aStep = fc.record({
    seconds: fc.integer({ min: 0, max: 90 }),
    event: fc.oneof(fc.constant('pass' as const), fc.array(aSignal, { maxLength: 12 })),
  });

  it('moves traffic at most once a minute, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 80 }), (steps) => {
        let circuit = newCircuit(START);
        let clock = 0;
        const moves = { closed: [] as number[], left: [] as number[] };
        for (const { seconds, event } of steps) {
          clock += seconds;
          const before = circuit.circuit;
          circuit =
            event === 'pass' ? passage(circuit, at(clock)).circuit : observed(circuit, event, at(clock));
          if (before === 'closed' && circuit.circuit !== 'closed') moves.left.push(clock);
          if (before !== 'closed' && circuit.circuit === 'closed') moves.closed.push(clock);
        }
        for (const times of Object.values(moves))
          for (const [index, time] of times.slice(1).entries())
            expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(CIRCUIT_RULES.leastOpenSeconds);
      }),
    );
  });

  it('lets nothing out before the time of a probe, and never more probes than are awaited at once', () => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 80 }), (steps) => {
        let circuit = newCircuit(START);
        let clock = 0;
        for (const { seconds, event } of steps) {
          clock += seconds;
          const before = circuit;
          if (event === 'pass') {
            const { circuit: next, passes } = passage(circuit, at(clock));
            circuit = next;
            if (before.circuit === 'open' && clock < secondsOf(before.probeAt ?? START))
              expect(passes).toBe(false);
            if (circuit.circuit === 'half-open')
              expect(circuit.calls - circuit.successes - circuit.failures).toBeLessThanOrEqual(
                CIRCUIT_RULES.probes,
              );
          } else circuit = observed(circuit, event, at(clock));
        }
      }),
    );
  });

  it('always comes back once the operator does', () => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 40 }), (steps) => {
        let circuit = newCircuit(START);
        let clock = 0;
        for (const { seconds, event } of steps) {
          clock += seconds;
          circuit =
            event === 'pass' ? passage(circuit, at(clock)).circuit : observed(circuit, event, at(clock));
        }
        for (let second = 0; second <= 600; second++) {
          const { circuit: next, passes } = passage(circuit, at(clock + second));
          circuit = passes ? observed(next, ['good'], at(clock + second)) : next;
        }
        expect(circuit.circuit).toBe('closed');
      }),
    );
  });
});

describe('what surely did not leave', () => {
  it.each([
    ['twilio', '20429', [15, 60, 300]],
    ['twilio', 'ECONNREFUSED', [15, 15, 15]],
    ['link-mobility', 'ECONNREFUSED', [15, 15, 15]],
  ])('waits longer each time only for an operator that asks for it: %s %s', (operator, errorCode, delays) => {
    const outcome = { result: 'not-sent', errorCode } as const;
    expect([1, 3, 9].map((number) => againInSeconds(operator, outcome, number))).toEqual(delays);
  });
});

function describeCircuit({ circuit, probeAt }: Circuit): string {
  return circuit === 'open' ? `open until ${secondsOf(probeAt ?? START)}` : circuit;
}

function secondsOf(instant: Temporal.Instant): number {
  return (instant.epochMilliseconds - START.epochMilliseconds) / 1000;
}
